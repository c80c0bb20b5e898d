// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// State of a Realm translation table entry as RTT_READ_ENTRY reports it.
public enum RttEntryState {
    /// Nothing is mapped.
    UNASSIGNED(0),
    /// A page or block is mapped: Realm memory in the protected half, host memory in the other.
    ASSIGNED(1),
    /// The entry points at a table of the next level.
    TABLE(2);

    private final int number;

    RttEntryState(int number) {
        this.number = number;
    }

    /// The number in x2.
    public int number() {
        return number;
    }
}
