// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.StageTwo;
import dev.realmesh.host.machine.StageTwoRegime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A Realm's stage 2: the tree of its translation tables in memory. Commands change it one at a time, under the lock of
/// the Realm's descriptor; the walkers of processors read it meanwhile, and a change waits for accesses that are under
/// way.
public final class RealmTranslation {
    private final IpaSpace space;
    private final PhysicalAddress base;
    private final TableMemory tables;
    private final StageTwo stageTwo;

    /// Tables in `tables`, contiguous from `base` on at the start level; they are not filled yet.
    public RealmTranslation(IpaSpace space, PhysicalAddress base, TableMemory tables) {
        this.space = space;
        this.base = base;
        this.tables = tables;
        StageTwoRegime regime = new StageTwoRegime(base, space.startLevel(), space.width(), tables.largeAddresses());
        this.stageTwo = new StageTwo(regime, tables.physical(), tables.mecId());
    }

    /// Fills the start level: nothing is mapped anywhere.
    public void clear() {
        for (int number = 0; number < space.startTables(); number++) {
            long first = (long) number * IpaSpace.ENTRIES;
            startTable(number).fill(entry -> initialEntry(space, first + entry));
        }
    }

    /// The geometry.
    public IpaSpace space() {
        return space;
    }

    /// The encryption context of tables and pages.
    public MecId mecId() {
        return tables.mecId();
    }

    /// Memory as the Realm's processors see it.
    public RealmMemory memory() {
        return new RealmMemory(stageTwo, tables.physical(), tables.mecId());
    }

    /// The tables of the start level.
    public List<RttTable> startTables() {
        return IntStream.range(0, space.startTables())
                .mapToObj(this::startTable)
                .toList();
    }

    /// The table that an entry found by `walk` points at.
    public RttTable table(RttWalk walk, RttEntry.Table entry) {
        return table(walk.table(), entry);
    }

    /// The table that an entry of `parent` points at.
    public RttTable table(RttTable parent, RttEntry.Table entry) {
        return new RttTable(tables, entry.address(), parent.level() + 1);
    }

    /// Whether anything hangs on the start level.
    public boolean isInUse() {
        return startTables().stream().anyMatch(table -> table.references() > 0);
    }

    /// While it is held, tables stay as they are.
    public Lock lock() {
        return stageTwo.lock();
    }

    /// Walks towards `level` and ends there, or before at an entry that is no table. `ipa` exists.
    public RttWalk walk(IntermediatePhysicalAddress ipa, int level) {
        RttWalk walk = new RttWalk(ipa, startTable(space.startTable(ipa)));
        while (walk.level() < level && walk.entry() instanceof RttEntry.Table next) {
            walk = new RttWalk(ipa, table(walk, next));
        }
        return walk;
    }

    /// Replaces the entry where `walk` ended.
    public void set(RttWalk walk, RttEntry entry) {
        change(walk, () -> walk.table().set(walk.index(), walk.entry(), entry));
    }

    /// Makes the granule at `address`, which is an RTT now, a table where `walk` ended, whose entries together are what
    /// the entry was.
    public void unfold(RttWalk walk, PhysicalAddress address) {
        RttEntry.Table entry = new RttEntry.Table(address);
        RttTable table = table(walk, entry);
        change(walk, () -> {
            table.fill(number -> walk.entry().unfolded(number, table.level()));
            walk.table().set(walk.index(), walk.entry(), entry);
        });
    }

    /// Replaces `table`, which `walk` found, by `entry`, which says the same.
    public void fold(RttWalk walk, RttTable table, RttEntry entry) {
        change(walk, () -> {
            walk.table().set(walk.index(), walk.entry(), entry);
            table.clearReferences();
        });
    }

    /// Removes the table that `walk` found: what it described is gone.
    public void prune(RttWalk walk) {
        IntermediatePhysicalAddress ipa = walk.startOf(walk.index());
        set(walk, space.isProtected(ipa) ? new RttEntry.Unassigned(Ripas.DESTROYED) : new RttEntry.UnassignedShared());
    }

    /// Changes the RIPAS of entry after entry from `walk` on as `change` says, until it gives up, or the range of an
    /// entry goes beyond `top`, or the table ends.
    ///
    /// @param change what an entry becomes, which counts as the entry did; empty to stop before it
    /// @param passed hears each range that was changed
    /// @return where it stopped
    public IntermediatePhysicalAddress changeRun(
            RttWalk walk,
            IntermediatePhysicalAddress top,
            Function<RttEntry, Optional<RttEntry>> change,
            Passed passed) {
        List<RttEntry> changed = new ArrayList<>();
        for (RttEntry entry : walk.table().entries(walk.index(), entriesUpTo(walk, top))) {
            Optional<RttEntry> next = change.apply(entry);
            if (next.isEmpty()) {
                break;
            }
            changed.add(next.get());
        }
        int end = walk.index() + changed.size();
        if (!changed.isEmpty()) {
            stageTwo.change(
                    walk.startOf(walk.index()),
                    walk.startOf(end),
                    () -> walk.table().set(walk.index(), changed));
        }
        for (int number = walk.index(); number < end; number++) {
            passed.range(walk.startOf(number), walk.startOf(number + 1));
        }
        return walk.startOf(end);
    }

    /// The end of the run of entries, from the one of `walk` on, that have the same RIPAS; at most the end of the
    /// table.
    public IntermediatePhysicalAddress endOfRipas(RttWalk walk) {
        Ripas ripas = walk.entry().ripas();
        return walk.startOf(walk.table()
                .end(walk.index(), entry -> !(entry instanceof RttEntry.Table) && entry.ripas() == ripas));
    }

    /// Whether a host may give `descriptor` for an entry of `level` of the shared half.
    public boolean admits(long descriptor, int level) {
        return tables.descriptor().isOfHost(descriptor, level);
    }

    private RttTable startTable(int number) {
        return new RttTable(tables, base.plus((long) number * PhysicalAddress.GRANULE_SIZE), space.startLevel());
    }

    private void change(RttWalk walk, Runnable writes) {
        stageTwo.change(walk.startOf(walk.index()), walk.startOf(walk.index() + 1), writes);
    }

    /// How many entries from that of `walk` on end at `top` or before.
    private static int entriesUpTo(RttWalk walk, IntermediatePhysicalAddress top) {
        long left = top.value() - walk.startOf(walk.index()).value();
        return (int) Math.min(IpaSpace.ENTRIES - walk.index(), left / IpaSpace.entrySize(walk.level()));
    }

    private static RttEntry initialEntry(IpaSpace space, long number) {
        long first = number * IpaSpace.entrySize(space.startLevel());
        return space.isProtected(new IntermediatePhysicalAddress(first))
                ? new RttEntry.Unassigned(Ripas.EMPTY)
                : new RttEntry.UnassignedShared();
    }

    /// Hears of ranges that a run of changes passed.
    @FunctionalInterface
    public interface Passed {
        /// The entry that maps `base` to `top` was changed.
        void range(IntermediatePhysicalAddress base, IntermediatePhysicalAddress top);
    }
}
