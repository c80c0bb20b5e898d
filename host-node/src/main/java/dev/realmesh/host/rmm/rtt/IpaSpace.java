// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;

/// The geometry of a Realm's IPA space and of the tables that translate it.
///
/// @param width bits of an IPA
/// @param startLevel level of the tables that a walk begins at
public record IpaSpace(int width, int startLevel) {
    /// Entries of a table.
    public static final int ENTRIES = 512;
    /// The level whose entries map pages.
    public static final int LAST_LEVEL = 3;
    /// Most tables that may stand side by side at the start level.
    public static final int MAX_START_TABLES = 16;

    private static final int PAGE_BITS = 12;
    private static final int LEVEL_BITS = 9;
    private static final int CONCATENATION_BITS = 4;

    /// Bytes that an entry of `level` maps.
    public static long entrySize(int level) {
        return 1L << entryBits(level);
    }

    /// Whether tables of this start level can translate this width.
    public boolean isConsistent() {
        if (startLevel < 0 || startLevel > LAST_LEVEL) {
            return false;
        }
        int below = entryBits(startLevel);
        int most = below + LEVEL_BITS + (startLevel > 0 ? CONCATENATION_BITS : 0);
        return width > below && width <= most;
    }

    /// Number of tables at the start level.
    public int startTables() {
        int oneTable = entryBits(startLevel) + LEVEL_BITS;
        return width <= oneTable ? 1 : 1 << (width - oneTable);
    }

    /// Whether `ipa` exists.
    public boolean contains(IntermediatePhysicalAddress ipa) {
        return ipa.value() >>> width == 0;
    }

    /// Whether `ipa` is in the lower half, which is the Realm's own.
    public boolean isProtected(IntermediatePhysicalAddress ipa) {
        return ipa.value() >>> (width - 1) == 0;
    }

    /// Whether the range from `base` to `top`, which is above it, is in the lower half.
    public boolean isProtected(IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
        return isProtected(base) && isProtected(top.plus(-1));
    }

    /// Index of the entry for `ipa` in a table of `level`.
    static int index(IntermediatePhysicalAddress ipa, int level) {
        return (int) (ipa.value() >>> entryBits(level)) & (ENTRIES - 1);
    }

    /// Which of the start tables translates `ipa`.
    int startTable(IntermediatePhysicalAddress ipa) {
        return (int) (ipa.value() >>> (entryBits(startLevel) + LEVEL_BITS));
    }

    private static int entryBits(int level) {
        return PAGE_BITS + LEVEL_BITS * (LAST_LEVEL - level);
    }
}
