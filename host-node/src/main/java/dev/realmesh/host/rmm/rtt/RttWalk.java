// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;

/// Where a walk ended: the entry that speaks for an IPA.
public final class RttWalk {
    private final IntermediatePhysicalAddress ipa;
    private final RttTable table;
    private final int index;
    private final RttEntry entry;

    RttWalk(IntermediatePhysicalAddress ipa, RttTable table) {
        this.ipa = ipa;
        this.table = table;
        this.index = IpaSpace.index(ipa, table.level());
        this.entry = table.get(index);
    }

    /// Level of the entry.
    public int level() {
        return table.level();
    }

    /// The entry, as it was when the walk came to it.
    public RttEntry entry() {
        return entry;
    }

    /// Whether the IPA is where the entry's range begins.
    public boolean isAtStartOfEntry() {
        return ipa.isAligned(IpaSpace.entrySize(level()));
    }

    /// The end of the range of entries, from this one on, that need nothing from the host now; at most the end of the
    /// table. The IPA itself if already this one does.
    public IntermediatePhysicalAddress endOfNonLive() {
        int live = table.end(index, each -> !each.isLive());
        return live == index ? ipa : startOf(live);
    }

    RttTable table() {
        return table;
    }

    int index() {
        return index;
    }

    /// Where the range of the entry with `number` begins.
    IntermediatePhysicalAddress startOf(int number) {
        long size = IpaSpace.entrySize(level());
        return new IntermediatePhysicalAddress((ipa.value() & -size) + (number - index) * size);
    }
}
