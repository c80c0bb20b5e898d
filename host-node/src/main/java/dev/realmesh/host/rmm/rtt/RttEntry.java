// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RttEntryState;

/// An entry of a Realm translation table: the host's view (is anything there) and the Realm's (what is it to me).
public sealed interface RttEntry {
    /// Protected half: nothing is mapped.
    record Unassigned(Ripas ripas) implements RttEntry {}

    /// Protected half: DATA granules are mapped, from `address` on.
    record Assigned(PhysicalAddress address, Ripas ripas) implements RttEntry {}

    /// Shared half: nothing is mapped.
    record UnassignedShared() implements RttEntry {}

    /// Shared half: memory of the host is mapped.
    ///
    /// @param descriptor address and attributes as the host gave them
    record AssignedShared(long descriptor) implements RttEntry {}

    /// A table of the next level.
    record Table(PhysicalAddress address) implements RttEntry {}

    /// Whether this keeps its table from being destroyed.
    default boolean isCounted() {
        return this instanceof Assigned || this instanceof Table;
    }

    /// Whether the host must do something here before the table can go.
    default boolean isLive() {
        return isCounted() || this instanceof AssignedShared;
    }

    /// What the `number`-th of the entries is that replace this one in a table of `level`.
    default RttEntry unfolded(int number, int level) {
        long offset = number * IpaSpace.entrySize(level);
        return switch (this) {
            case Assigned assigned -> new Assigned(assigned.address().plus(offset), assigned.ripas());
            case AssignedShared shared -> new AssignedShared(shared.descriptor() + offset);
            case Unassigned unassigned -> unassigned;
            case UnassignedShared unassigned -> unassigned;
            case Table table -> throw new IllegalStateException("table: already there (expected: a leaf)");
        };
    }

    /// What RTT_READ_ENTRY calls this.
    default RttEntryState state() {
        return switch (this) {
            case Unassigned unassigned -> RttEntryState.UNASSIGNED;
            case UnassignedShared unassigned -> RttEntryState.UNASSIGNED;
            case Assigned assigned -> RttEntryState.ASSIGNED;
            case AssignedShared assigned -> RttEntryState.ASSIGNED;
            case Table table -> RttEntryState.TABLE;
        };
    }

    /// What RTT_READ_ENTRY tells of the address: where it leads, or zero.
    default long descriptor() {
        return switch (this) {
            case Unassigned unassigned -> 0;
            case UnassignedShared unassigned -> 0;
            case Assigned assigned -> assigned.address().value();
            case AssignedShared shared -> shared.descriptor();
            case Table table -> table.address().value();
        };
    }

    /// What the Realm may expect here; EMPTY in the shared half and of tables.
    default Ripas ripas() {
        return switch (this) {
            case Unassigned unassigned -> unassigned.ripas();
            case Assigned assigned -> assigned.ripas();
            case UnassignedShared unassigned -> Ripas.EMPTY;
            case AssignedShared shared -> Ripas.EMPTY;
            case Table table -> Ripas.EMPTY;
        };
    }
}
