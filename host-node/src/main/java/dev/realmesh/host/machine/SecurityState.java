// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// Security state of a processing element: which physical address spaces its accesses may name.
public enum SecurityState {
    /// EL2 to EL0 of the host.
    NON_SECURE,
    /// The trusted world.
    SECURE,
    /// The RMM and Realms.
    REALM,
    /// EL3.
    ROOT;

    /// Whether an access in this state may name `pas`.
    public boolean mayName(Pas pas) {
        return switch (this) {
            case NON_SECURE -> pas == Pas.NON_SECURE;
            case SECURE -> pas == Pas.NON_SECURE || pas == Pas.SECURE;
            case REALM -> pas == Pas.NON_SECURE || pas == Pas.REALM;
            case ROOT -> true;
        };
    }
}
