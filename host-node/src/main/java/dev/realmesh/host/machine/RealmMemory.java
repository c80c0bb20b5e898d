// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.host.machine.StageTwo.Translation;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/// Memory as a Realm's processor sees it: an access is translated by stage 2, checked by granule protection and
/// decrypted under the Realm's context. Accesses of any length; they stop at the first page that faults.
public final class RealmMemory {
    private static final int PAGE = IntermediatePhysicalAddress.PAGE_SIZE;
    private static final int LAST_LEVEL = 3;

    private final StageTwo stageTwo;
    private final RealmWorldMemory memory;
    private final MecId mecId;

    /// Memory behind `stageTwo`, under the encryption context `mecId`.
    public RealmMemory(StageTwo stageTwo, RealmWorldMemory memory, MecId mecId) {
        this.stageTwo = stageTwo;
        this.memory = memory;
        this.mecId = mecId;
    }

    /// Reads `length` bytes at `ipa` into `into` from `offset` on; the fault, if there is one, is of the first page
    /// that was not read.
    public Optional<StageTwoFault> load(IntermediatePhysicalAddress ipa, byte[] into, int offset, int length) {
        return access(ipa, length, StageTwoFault.Access.LOAD, (at, done, part) -> {
            switch (at) {
                case Translation.Private own -> memory.read(mecId, own.address(), into, offset + done, part);
                case Translation.Shared host -> memory.readNonSecure(host.address(), into, offset + done, part);
                case Translation.Unmapped unmapped -> throw new IllegalStateException("unmapped: " + unmapped);
            }
        });
    }

    /// Reads instructions; as [#load], but shared memory faults: a Realm executes nothing that the host can write.
    public Optional<StageTwoFault> fetch(IntermediatePhysicalAddress ipa, byte[] into, int offset, int length) {
        return access(ipa, length, StageTwoFault.Access.FETCH, (at, done, part) -> {
            switch (at) {
                case Translation.Private own -> memory.read(mecId, own.address(), into, offset + done, part);
                case Translation.Shared host -> throw new IllegalStateException("fetch of shared memory: " + host);
                case Translation.Unmapped unmapped -> throw new IllegalStateException("unmapped: " + unmapped);
            }
        });
    }

    /// Writes `length` bytes of `from` from `offset` on to `ipa`; the fault, if there is one, is of the first page that
    /// was not written.
    public Optional<StageTwoFault> store(IntermediatePhysicalAddress ipa, byte[] from, int offset, int length) {
        return access(ipa, length, StageTwoFault.Access.STORE, (at, done, part) -> {
            switch (at) {
                case Translation.Private own -> memory.write(mecId, own.address(), from, offset + done, part);
                case Translation.Shared host -> memory.writeNonSecure(host.address(), from, offset + done, part);
                case Translation.Unmapped unmapped -> throw new IllegalStateException("unmapped: " + unmapped);
            }
        });
    }

    private Optional<StageTwoFault> access(
            IntermediatePhysicalAddress ipa, int length, StageTwoFault.Access kind, Transfer transfer) {
        Lock lock = stageTwo.lock();
        for (int done = 0; done < length; ) {
            IntermediatePhysicalAddress at = ipa.plus(done);
            int part = Math.min(length - done, PAGE - (int) (at.value() & (PAGE - 1)));
            lock.lock();
            try {
                Translation translation = stageTwo.translate(at);
                if (translation instanceof Translation.Unmapped unmapped) {
                    return Optional.of(new StageTwoFault(at, kind, unmapped.level(), false));
                }
                if (kind == StageTwoFault.Access.FETCH && translation instanceof Translation.Shared) {
                    return Optional.of(new StageTwoFault(at, kind, LAST_LEVEL, false));
                }
                transfer.move(translation, done, part);
            } catch (MachineFault fault) {
                return Optional.of(new StageTwoFault(at, kind, LAST_LEVEL, true));
            } finally {
                lock.unlock();
            }
            done += part;
        }
        return Optional.empty();
    }

    @FunctionalInterface
    private interface Transfer {
        void move(Translation at, int done, int part);
    }
}
