// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The stage 2 translation of a Realm in hardware: a walker, which reads tables from memory through the Realm space and
/// under the Realm's encryption context, and a buffer of translations that it found (TLB). The tables are the RMM's.
///
/// An access holds [#lock] from its translation to its end; a change of tables holds it exclusively, which stands for
/// the invalidation of the buffer and the barrier that follows it in hardware.
public final class StageTwo {
    private final StageTwoRegime regime;
    private final RealmWorldMemory memory;
    private final MecId mecId;
    private final TranslationBuffer found = new TranslationBuffer();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /// Translation by the tables that `regime` names, which are encrypted under `mecId`.
    public StageTwo(StageTwoRegime regime, RealmWorldMemory memory, MecId mecId) {
        this.regime = regime;
        this.memory = memory;
        this.mecId = mecId;
    }

    /// While it is held, translations stay as they are.
    public Lock lock() {
        return lock.readLock();
    }

    /// Changes tables: `writes` is run while nothing is accessed, and what was found of the IPAs from `base` to `top`
    /// is forgotten.
    public void change(IntermediatePhysicalAddress base, IntermediatePhysicalAddress top, Runnable writes) {
        lock.writeLock().lock();
        try {
            writes.run();
            found.forget(base, top);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// Where `ipa` leads; [#lock] is held.
    Translation translate(IntermediatePhysicalAddress ipa) {
        TranslationBuffer.Page page = found.find(ipa);
        if (page != null) {
            return page.translation(ipa);
        }
        if (!regime.contains(ipa)) {
            return new Translation.Unmapped(0);
        }
        return walk(ipa);
    }

    private Translation walk(IntermediatePhysicalAddress ipa) {
        int level = regime.startLevel();
        StageTwoDescriptor entry = read(regime.firstEntry(ipa), level);
        while (entry.isTable()) {
            level++;
            entry = read(regime.entry(entry.address(regime), ipa, level), level);
        }
        if (!entry.isLeaf()) {
            return new Translation.Unmapped(level);
        }
        TranslationBuffer.Page page = TranslationBuffer.Page.of(ipa, entry, regime);
        found.keep(page);
        return page.translation(ipa);
    }

    private StageTwoDescriptor read(PhysicalAddress address, int level) {
        return new StageTwoDescriptor(memory.readWord(mecId, address), level);
    }

    /// The end of a walk.
    sealed interface Translation {
        /// Something is mapped.
        ///
        /// @param entry the entry that maps it
        /// @param address where the IPA leads
        record Mapped(StageTwoDescriptor entry, PhysicalAddress address) implements Translation {}

        /// Nothing is mapped; the walk ended at an entry of `level`.
        record Unmapped(int level) implements Translation {}
    }
}
