// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// The tables that translate a Realm's IPA space as KVM lays them out: as few levels as sixteen tables side by side at
/// the root allow (DEN0137 1.0, A5.5). Their depth counts in the RIM, since RTT_INIT_RIPAS measures entry by entry.
///
/// @param ipaBits bits of an IPA, 32 to 52
public record RttGeometry(int ipaBits) {
    /// Bytes that an entry of the last level maps.
    public static final long PAGE = 4096;

    private static final int LAST_LEVEL = 3;
    private static final int LEVEL_BITS = 9;
    private static final int PAGE_BITS = 12;
    private static final int MAX_CONCATENATION_BITS = 4;
    private static final int MIN_IPA_BITS = 32;
    private static final int MAX_IPA_BITS = 52;

    public RttGeometry {
        if (ipaBits < MIN_IPA_BITS || ipaBits > MAX_IPA_BITS) {
            throw new IllegalArgumentException(
                    "IPA bits: %d (expected: %d to %d)".formatted(ipaBits, MIN_IPA_BITS, MAX_IPA_BITS));
        }
    }

    /// Level at which walks start.
    public int startLevel() {
        int level = LAST_LEVEL;
        while (level > 0 && reach(level) + MAX_CONCATENATION_BITS < ipaBits) {
            level--;
        }
        return level;
    }

    /// Tables at the root.
    public int startTables() {
        return 1 << Math.max(0, ipaBits - reach(startLevel()));
    }

    /// The IPA after the Realm's own half; the other half is shared with the host.
    public long protectedTop() {
        return 1L << (ipaBits - 1);
    }

    /// The level of the largest entry that starts at `base` and does not pass `top`.
    public int largestEntryLevel(long base, long top) {
        int level = startLevel();
        while (base % entrySize(level) != 0 || top - base < entrySize(level)) {
            level++;
        }
        return level;
    }

    /// Bytes that one entry of a table at `level` maps.
    public static long entrySize(int level) {
        return 1L << (PAGE_BITS + LEVEL_BITS * (LAST_LEVEL - level));
    }

    /// Bits of an IPA that one table at `level` translates.
    private static int reach(int level) {
        return PAGE_BITS + LEVEL_BITS * (LAST_LEVEL - level + 1);
    }
}
