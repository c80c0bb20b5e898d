// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

/// State of a granule (DEN0137 A2.2.1). From DELEGATED it becomes one of the inner states and from there DELEGATED
/// again; nothing moves between inner states directly.
public enum GranuleState {
    /// The host's.
    NS(0),
    /// The Realm world's, unused. It holds nothing of any Realm.
    DELEGATED(1),
    /// Realm descriptor.
    RD(2),
    /// Realm execution context.
    REC(3),
    /// Room that a REC was given beside its granule.
    REC_AUX(4),
    /// Memory of a Realm.
    DATA(5),
    /// Realm translation table.
    RTT(6);

    private static final GranuleState[] BY_CODE = values();

    private final int code;

    GranuleState(int code) {
        this.code = code;
    }

    /// The state that has `code`.
    static GranuleState ofCode(int code) {
        return BY_CODE[code];
    }

    /// Three bits in the granule's word.
    int code() {
        return code;
    }

    /// Whether a granule may go from this state to `next`.
    boolean mayBecome(GranuleState next) {
        return switch (this) {
            case NS -> next == DELEGATED;
            case DELEGATED -> next != DELEGATED;
            case RD, REC, REC_AUX, DATA, RTT -> next == DELEGATED;
        };
    }
}
