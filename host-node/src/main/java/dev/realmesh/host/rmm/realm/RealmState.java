// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.realm;

/// State of a Realm (DEN0137 A2.1.5).
public enum RealmState {
    /// Being built: what the host adds is measured.
    NEW,
    /// Measured; it may run.
    ACTIVE,
    /// It asked to be turned off or reset, and never runs again.
    SYSTEM_OFF
}
