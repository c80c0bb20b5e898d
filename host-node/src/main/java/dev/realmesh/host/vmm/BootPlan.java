// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.RealmFeatures;
import java.util.List;

/// How a Realm is built: all that its RIM depends on, in the order in which it counts. It is data, so that what is
/// measured in advance and what is launched cannot differ.
///
/// @param features measured parameters of REALM_CREATE
/// @param ram the guest's memory; faults outside it are not served
/// @param operations what follows, in order
public record BootPlan(RealmFeatures features, Range ram, List<BootOperation> operations) {
    /// Bytes of a page.
    public static final long PAGE = 4096;

    private static final int LAST_LEVEL = 3;
    private static final int LEVEL_BITS = 9;
    private static final int PAGE_BITS = 12;
    private static final int MAX_CONCATENATION_BITS = 4;

    /// A range of IPAs.
    ///
    /// @param base first one
    /// @param top the one after the last
    public record Range(long base, long top) {
        boolean contains(long ipa) {
            return ipa >= base && ipa < top;
        }
    }

    public BootPlan {
        operations = List.copyOf(operations);
    }

    /// Level at which stage 2 walks start: the deepest that sixteen tables at the root still reach, as KVM takes it.
    public int startLevel() {
        int level = LAST_LEVEL;
        while (level > 0 && reach(level) + MAX_CONCATENATION_BITS < features.s2sz()) {
            level--;
        }
        return level;
    }

    /// Tables at the root.
    public int startTables() {
        return 1 << Math.max(0, features.s2sz() - reach(startLevel()));
    }

    /// Bits of an IPA that one table at `level` translates.
    private static int reach(int level) {
        return PAGE_BITS + LEVEL_BITS * (LAST_LEVEL - level + 1);
    }

    /// Bytes that one entry of a table at `level` maps.
    static long entrySize(int level) {
        return 1L << (PAGE_BITS + LEVEL_BITS * (LAST_LEVEL - level));
    }

    static long roundUp(long value, long unit) {
        return (value + unit - 1) & -unit;
    }
}
