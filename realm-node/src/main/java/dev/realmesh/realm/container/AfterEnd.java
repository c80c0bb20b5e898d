// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

/// What becomes of a container when it has ended and is not started again.
public enum AfterEnd {
    /// It stays, to be looked at and started again.
    STAY,
    /// It is forgotten.
    REMOVE,
    /// The Realm ends, with all that is in it.
    POWER_OFF
}
