// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.util.Optional;

/// Realm IPA state: what a protected page is to the Realm.
public enum Ripas {
    /// Nothing is there: an access aborts within the Realm.
    EMPTY(0),
    /// Private memory of the Realm.
    RAM(1),
    /// The host took a RAM page away: its contents are lost.
    DESTROYED(2);

    private final int number;

    Ripas(int number) {
        this.number = number;
    }

    /// The state that has `number`, if any.
    public static Optional<Ripas> of(long number) {
        if (number == 0) {
            return Optional.of(EMPTY);
        }
        return number == 1 ? Optional.of(RAM) : number == 2 ? Optional.of(DESTROYED) : Optional.empty();
    }

    /// The number in registers.
    public int number() {
        return number;
    }
}
