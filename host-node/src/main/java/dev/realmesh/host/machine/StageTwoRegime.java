// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;

/// What VTTBR_EL2 and VTCR_EL2 tell the walker: where a stage 2 translation begins and how wide it is. Granules are
/// 4 KiB, tables have 512 entries.
///
/// @param tables the first table of the start level; the others follow it
/// @param startLevel level of these tables, 0 to 3
/// @param width bits of an IPA
/// @param largeAddresses whether descriptors hold addresses of 52 bits (FEAT_LPA2, VTCR_EL2.DS)
public record StageTwoRegime(PhysicalAddress tables, int startLevel, int width, boolean largeAddresses) {
    /// The level whose entries map pages.
    static final int LAST_LEVEL = 3;

    private static final int PAGE_BITS = 12;
    private static final int LEVEL_BITS = 9;

    /// Whether `ipa` can be translated.
    boolean contains(IntermediatePhysicalAddress ipa) {
        return ipa.value() >>> width == 0;
    }

    /// Where the entry for `ipa` is in the tables of the start level.
    PhysicalAddress firstEntry(IntermediatePhysicalAddress ipa) {
        return tables.plus((ipa.value() >>> entryBits(startLevel)) * Long.BYTES);
    }

    /// Where the entry for `ipa` is in `table`, which is of `level`.
    PhysicalAddress entry(PhysicalAddress table, IntermediatePhysicalAddress ipa, int level) {
        return table.plus(((ipa.value() >>> entryBits(level)) & ((1 << LEVEL_BITS) - 1)) * Long.BYTES);
    }

    /// Bytes that an entry of `level` maps.
    static long entrySize(int level) {
        return 1L << entryBits(level);
    }

    private static int entryBits(int level) {
        return PAGE_BITS + LEVEL_BITS * (LAST_LEVEL - level);
    }
}
