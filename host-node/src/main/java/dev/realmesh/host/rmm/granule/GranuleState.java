// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

/// State of a granule (DEN0137 A2.2.1). From DELEGATED it becomes one of the inner states and from there DELEGATED
/// again; nothing moves between inner states directly.
public enum GranuleState {
    /// The host's.
    NS,
    /// The Realm world's, unused. It holds nothing of any Realm.
    DELEGATED,
    /// Realm descriptor.
    RD,
    /// Realm execution context.
    REC,
    /// Room that a REC was given beside its granule.
    REC_AUX,
    /// Memory of a Realm.
    DATA,
    /// Realm translation table.
    RTT;

    /// Whether a granule may go from this state to `next`.
    boolean mayBecome(GranuleState next) {
        return switch (this) {
            case NS -> next == DELEGATED;
            case DELEGATED -> next != DELEGATED;
            case RD, REC, REC_AUX, DATA, RTT -> next == DELEGATED;
        };
    }
}
