// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;

/// An entry of a stage 2 table as the walker reads it (VMSAv8-64). Entries whose bit 0 is clear map nothing; what
/// software keeps in their other bits is none of the walker's business.
///
/// @param bits the entry
/// @param level level of its table
record StageTwoDescriptor(long bits, int level) {
    private static final long VALID = 1;
    private static final long TABLE_OR_PAGE = 3;
    private static final int FIRST_BLOCK_LEVEL = 1;
    private static final long ADDRESS = 0x0000_FFFF_FFFF_F000L;
    /// Bits 49:48 of a 52-bit address, in place; bits 51:50 are at [#HIGH_ADDRESS_SHIFT].
    private static final long LARGE_ADDRESS = 0x0003_0000_0000_0000L;

    private static final int HIGH_ADDRESS_SHIFT = 8;
    private static final long READABLE = 1L << 6;
    private static final long WRITABLE = 1L << 7;
    private static final long EXECUTE_NEVER = 1L << 54;
    private static final long NON_SECURE = 1L << 55;

    /// Whether it points at a table of the next level.
    boolean isTable() {
        return level < StageTwoRegime.LAST_LEVEL && (bits & TABLE_OR_PAGE) == TABLE_OR_PAGE;
    }

    /// Whether it maps a page or a block.
    boolean isLeaf() {
        return level == StageTwoRegime.LAST_LEVEL
                ? (bits & TABLE_OR_PAGE) == TABLE_OR_PAGE
                : level >= FIRST_BLOCK_LEVEL && (bits & TABLE_OR_PAGE) == VALID;
    }

    /// Whether what it maps is in the non-secure space, and not in the Realm's.
    boolean isNonSecure() {
        return (bits & NON_SECURE) != 0;
    }

    /// Whether it lets `access` pass.
    boolean permits(StageTwoFault.Access access) {
        return switch (access) {
            case LOAD -> (bits & READABLE) != 0;
            case STORE -> (bits & WRITABLE) != 0;
            case FETCH -> (bits & READABLE) != 0 && (bits & EXECUTE_NEVER) == 0;
        };
    }

    /// The output address: of a table, or of the first byte that is mapped.
    PhysicalAddress address(StageTwoRegime regime) {
        long address = bits & ADDRESS;
        if (regime.largeAddresses()) {
            address |= (bits & LARGE_ADDRESS) | ((bits >>> HIGH_ADDRESS_SHIFT) & 3) << 50;
        }
        return new PhysicalAddress(isTable() ? address : address & -StageTwoRegime.entrySize(level));
    }
}
