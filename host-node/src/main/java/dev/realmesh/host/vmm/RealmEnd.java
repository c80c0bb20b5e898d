// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

/// How a run of a Realm ended.
public enum RealmEnd {
    /// The Realm switched itself off (PSCI).
    SYSTEM_OFF,
    /// The Realm's processor is gone: the guest crashed, was killed, or never started.
    DIED,
    /// The host stopped it.
    STOPPED
}
