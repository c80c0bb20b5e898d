// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.host.machine.StageTwo;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A Realm's stage 2: the tree of its translation tables. Commands change it one at a time, under the lock of the
/// Realm's descriptor; processors read it meanwhile, and a change waits for accesses that are under way.
public final class RealmTranslation implements StageTwo {
    private static final long DESCRIPTOR_ADDRESS = 0x0000_FFFF_FFFF_F000L;

    private final IpaSpace space;
    private final List<RttTable> start;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /// Empty tables at the start level, contiguous from `base` on.
    public RealmTranslation(IpaSpace space, PhysicalAddress base) {
        this.space = space;
        this.start = IntStream.range(0, space.startTables())
                .mapToObj(table -> RttTable.of(
                        base.plus((long) table * PhysicalAddress.GRANULE_SIZE),
                        space.startLevel(),
                        entry -> initialEntry(space, (long) table * IpaSpace.ENTRIES + entry)))
                .toList();
    }

    /// The geometry.
    public IpaSpace space() {
        return space;
    }

    /// The granules of the start level.
    public List<PhysicalAddress> startTables() {
        return start.stream().map(RttTable::address).toList();
    }

    /// Whether anything hangs on the start level.
    public boolean isInUse() {
        return start.stream().anyMatch(RttTable::isInUse);
    }

    /// Walks towards `level` and ends there, or before at an entry that is no table. `ipa` exists.
    public RttWalk walk(IntermediatePhysicalAddress ipa, int level) {
        RttWalk walk = new RttWalk(ipa, start.get(space.startTable(ipa)));
        while (walk.level() < level && walk.entry() instanceof RttEntry.Table next) {
            walk = new RttWalk(ipa, next.table());
        }
        return walk;
    }

    /// Replaces the entry where `walk` ended.
    public void set(RttWalk walk, RttEntry entry) {
        lock.writeLock().lock();
        try {
            walk.table().set(walk.index(), entry);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// Puts a table at `address` where `walk` ended, whose entries together are what the entry was.
    public void unfold(RttWalk walk, PhysicalAddress address) {
        set(walk, new RttEntry.Table(RttTable.unfolding(address, walk.level() + 1, walk.entry())));
    }

    /// Replaces `table`, which `walk` found, by one entry that says the same; false if there is none.
    public boolean fold(RttWalk walk, RttTable table) {
        Optional<RttEntry> block = table.folded();
        block.ifPresent(entry -> set(walk, entry));
        return block.isPresent();
    }

    /// Removes the table that `walk` found: what it described is gone.
    public void prune(RttWalk walk) {
        IntermediatePhysicalAddress ipa = walk.startOf(walk.index());
        set(walk, space.isProtected(ipa) ? new RttEntry.Unassigned(Ripas.DESTROYED) : new RttEntry.UnassignedShared());
    }

    /// Changes entry after entry from `walk` on as `change` says, until it gives up, or the range of an entry goes
    /// beyond `top`, or the table ends.
    ///
    /// @param change what an entry becomes; empty to stop before it
    /// @param passed hears each range that was changed
    /// @return where it stopped
    public IntermediatePhysicalAddress changeRun(
            RttWalk walk,
            IntermediatePhysicalAddress top,
            Function<RttEntry, Optional<RttEntry>> change,
            Passed passed) {
        lock.writeLock().lock();
        try {
            int number = walk.index();
            while (number < IpaSpace.ENTRIES && walk.startOf(number + 1).compareTo(top) <= 0) {
                Optional<RttEntry> changed = change.apply(walk.table().get(number));
                if (changed.isEmpty()) {
                    break;
                }
                walk.table().set(number, changed.get());
                passed.range(walk.startOf(number), walk.startOf(number + 1));
                number++;
            }
            return walk.startOf(number);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// The end of the run of entries, from the one of `walk` on, that have the same RIPAS; at most the end of the
    /// table.
    public IntermediatePhysicalAddress endOfRipas(RttWalk walk) {
        lock.readLock().lock();
        try {
            Ripas ripas = walk.entry().ripas();
            int number = walk.index() + 1;
            while (number < IpaSpace.ENTRIES
                    && !(walk.table().get(number) instanceof RttEntry.Table)
                    && walk.table().get(number).ripas() == ripas) {
                number++;
            }
            return walk.startOf(number);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public Lock lock() {
        return lock.readLock();
    }

    @Override
    public Translation translate(IntermediatePhysicalAddress ipa) {
        if (!space.contains(ipa)) {
            return new Translation.Unmapped(0);
        }
        RttWalk walk = walk(ipa, IpaSpace.LAST_LEVEL);
        long offset = ipa.value() & (IpaSpace.entrySize(walk.level()) - 1);
        RttEntry entry = walk.entry();
        if (entry instanceof RttEntry.Assigned assigned && assigned.ripas() == Ripas.RAM) {
            return new Translation.Private(assigned.address().plus(offset));
        }
        if (entry instanceof RttEntry.AssignedShared shared) {
            return new Translation.Shared(new PhysicalAddress(shared.descriptor() & DESCRIPTOR_ADDRESS).plus(offset));
        }
        return new Translation.Unmapped(walk.level());
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
