// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.Ripas;

/// How entries stand in a table, 64 bits each, bit for bit as TF-RMM 0.8 writes them. The hardware knows those with
/// bit 0 set; of the others it says that nothing is mapped, and the RMM keeps the host's state (HIPAS, bits 5:3) and
/// the Realm's (RIPAS, bits 2:1) in them.
///
/// | entry | NS 55 | address | HIPAS 5:3 | RIPAS 2:1 | type 1:0 |
/// |---|---|---|---|---|---|
/// | Unassigned | 0 | | 0 | EMPTY 0, RAM 1, DESTROYED 2 | 0 |
/// | Assigned, EMPTY or DESTROYED | 0 | of the granules | 1 | 0, 2 | 0 |
/// | Assigned, RAM | 0 | of the granules | | | 3 page, 1 block |
/// | UnassignedShared | 1 | | 0 | | 0 |
/// | AssignedShared | 1 | the host's | | | 3 page, 1 block |
/// | Table | | of the table | | | 3 |
///
/// @param largeAddresses whether addresses have 52 bits (LPA2): bits 51:50 stand at 9:8, where shareability is else
record RttDescriptor(boolean largeAddresses) {
    /// Bits of a shared entry that the host gives beside the address: MemAttr 4:2, S2AP 7:6.
    private static final long HOST_ATTRIBUTES = 0xDC;

    private static final long MEMORY_ATTRIBUTES = 0x1C;
    private static final long RESERVED_ATTRIBUTES = 0x10;

    private static final long ADDRESS = 0x0000_FFFF_FFFF_F000L;
    private static final long MIDDLE_ADDRESS = 3L << 48;
    private static final long HIGH_ADDRESS = 3L << 8;
    private static final int HIGH_ADDRESS_SHIFT = 42;

    private static final long VALID = 1;
    private static final long TYPE = 3;
    private static final long TABLE_OR_PAGE = 3;
    private static final long BLOCK = 1;
    private static final int RIPAS_SHIFT = 1;
    private static final long RIPAS = 3;
    private static final long HIPAS = 7 << 3;
    private static final long HIPAS_ASSIGNED = 1 << 3;
    private static final long NORMAL_WRITE_BACK = 0x18;
    private static final long READ_WRITE = 0xC0;
    private static final long INNER_SHAREABLE = 3 << 8;
    private static final long ACCESS_FLAG = 1 << 10;
    private static final long EXECUTE_NEVER = 2L << 53;
    private static final long NS = 1L << 55;

    /// The word of `entry` in a table of `level`.
    long encode(RttEntry entry, int level) {
        return switch (entry) {
            case RttEntry.Unassigned unassigned -> READ_WRITE | ripas(unassigned.ripas());
            case RttEntry.Assigned assigned -> READ_WRITE | encodeAssigned(assigned, level);
            case RttEntry.UnassignedShared unassigned -> NS;
            case RttEntry.AssignedShared shared ->
                NS | EXECUTE_NEVER | ACCESS_FLAG | shareability() | shared.descriptor() | leafType(level);
            case RttEntry.Table table -> place(table.address()) | TABLE_OR_PAGE;
        };
    }

    /// The entry that `word` is in a table of `level`.
    ///
    /// @throws IllegalStateException if it is none: something else than the RMM wrote it
    RttEntry decode(long word, int level) {
        RttEntry entry = (word & VALID) != 0 ? decodeValid(word, level) : decodeInvalid(word, level);
        if (encode(entry, level) != word) {
            throw corrupt(word, level);
        }
        return entry;
    }

    /// Whether a host may give `descriptor` for an entry of `level`: nothing but an aligned address, access permissions
    /// and memory attributes, and these are not the reserved ones.
    boolean isOfHost(long descriptor, int level) {
        return (descriptor & ~hostBits(level)) == 0 && (descriptor & MEMORY_ATTRIBUTES) != RESERVED_ATTRIBUTES;
    }

    private long hostBits(int level) {
        long address = ADDRESS & -IpaSpace.entrySize(level);
        return HOST_ATTRIBUTES | address | (largeAddresses ? MIDDLE_ADDRESS | HIGH_ADDRESS : 0);
    }

    private RttEntry decodeValid(long word, int level) {
        if (level < IpaSpace.LAST_LEVEL && (word & TYPE) == TABLE_OR_PAGE) {
            return new RttEntry.Table(address(word));
        }
        return (word & NS) == 0
                ? new RttEntry.Assigned(address(word), Ripas.RAM)
                : new RttEntry.AssignedShared(word & hostBits(level));
    }

    private RttEntry decodeInvalid(long word, int level) {
        if ((word & NS) != 0) {
            return new RttEntry.UnassignedShared();
        }
        Ripas ripas = Ripas.of((word >>> RIPAS_SHIFT) & RIPAS).orElseThrow(() -> corrupt(word, level));
        return (word & HIPAS) == 0 ? new RttEntry.Unassigned(ripas) : new RttEntry.Assigned(address(word), ripas);
    }

    private long encodeAssigned(RttEntry.Assigned assigned, int level) {
        long address = place(assigned.address());
        return assigned.ripas() == Ripas.RAM
                ? address | NORMAL_WRITE_BACK | ACCESS_FLAG | shareability() | leafType(level)
                : address | HIPAS_ASSIGNED | ripas(assigned.ripas());
    }

    private long shareability() {
        return largeAddresses ? 0 : INNER_SHAREABLE;
    }

    private long place(PhysicalAddress address) {
        long value = address.value();
        long large = (value & MIDDLE_ADDRESS) | ((value >>> HIGH_ADDRESS_SHIFT) & HIGH_ADDRESS);
        return (value & ADDRESS) | (largeAddresses ? large : 0);
    }

    private PhysicalAddress address(long word) {
        long large = (word & MIDDLE_ADDRESS) | (word & HIGH_ADDRESS) << HIGH_ADDRESS_SHIFT;
        return new PhysicalAddress((word & ADDRESS) | (largeAddresses ? large : 0));
    }

    private static long leafType(int level) {
        return level == IpaSpace.LAST_LEVEL ? TABLE_OR_PAGE : BLOCK;
    }

    private static long ripas(Ripas ripas) {
        return (long) ripas.number() << RIPAS_SHIFT;
    }

    private static IllegalStateException corrupt(long word, int level) {
        return new IllegalStateException("RTT entry of level " + level + ": 0x" + Long.toHexString(word)
                + " (expected: one that the RMM writes)");
    }
}
