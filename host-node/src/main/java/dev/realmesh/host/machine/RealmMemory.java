// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.StageTwo.Translation;
import dev.realmesh.host.machine.StageTwoFault.Access;
import dev.realmesh.host.machine.StageTwoFault.Cause;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/// Memory as a Realm's processor sees it: an access is translated by stage 2, checked by granule protection and
/// decrypted under the Realm's context. Accesses of any length; they stop at the first page that faults.
public final class RealmMemory {
    private static final int PAGE = IntermediatePhysicalAddress.PAGE_SIZE;

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
        return access(ipa, length, Access.LOAD, (at, done, part) -> read(at, into, offset + done, part));
    }

    /// Reads instructions; as [#load], but shared memory faults: a Realm executes nothing that the host can write.
    public Optional<StageTwoFault> fetch(IntermediatePhysicalAddress ipa, byte[] into, int offset, int length) {
        return access(ipa, length, Access.FETCH, (at, done, part) -> read(at, into, offset + done, part));
    }

    /// Writes `length` bytes of `from` from `offset` on to `ipa`; the fault, if there is one, is of the first page that
    /// was not written.
    public Optional<StageTwoFault> store(IntermediatePhysicalAddress ipa, byte[] from, int offset, int length) {
        return access(ipa, length, Access.STORE, (at, done, part) -> {
            PhysicalAddress address = at.address();
            if (at.entry().isNonSecure()) {
                memory.writeNonSecure(address, from, offset + done, part);
            } else {
                memory.write(mecId, address, from, offset + done, part);
            }
        });
    }

    private void read(Translation.Mapped at, byte[] into, int offset, int length) {
        if (at.entry().isNonSecure()) {
            memory.readNonSecure(at.address(), into, offset, length);
        } else {
            memory.read(mecId, at.address(), into, offset, length);
        }
    }

    private Optional<StageTwoFault> access(
            IntermediatePhysicalAddress ipa, int length, Access kind, Transfer transfer) {
        Lock lock = stageTwo.lock();
        for (int done = 0; done < length; ) {
            IntermediatePhysicalAddress at = ipa.plus(done);
            int part = Math.min(length - done, PAGE - (int) (at.value() & (PAGE - 1)));
            lock.lock();
            try {
                Optional<StageTwoFault> fault = accessPage(at, kind, new PageTransfer(transfer, done, part));
                if (fault.isPresent()) {
                    return fault;
                }
            } finally {
                lock.unlock();
            }
            done += part;
        }
        return Optional.empty();
    }

    private Optional<StageTwoFault> accessPage(IntermediatePhysicalAddress at, Access kind, PageTransfer transfer) {
        try {
            return switch (stageTwo.translate(at)) {
                case Translation.Unmapped unmapped ->
                    Optional.of(new StageTwoFault(at, kind, Cause.TRANSLATION, unmapped.level()));
                case Translation.Mapped mapped -> {
                    if (!mapped.entry().permits(kind)) {
                        yield Optional.of(new StageTwoFault(
                                at, kind, Cause.PERMISSION, mapped.entry().level()));
                    }
                    transfer.move(mapped);
                    yield Optional.empty();
                }
            };
        } catch (MachineFault fault) {
            return Optional.of(new StageTwoFault(at, kind, Cause.GRANULE_PROTECTION, StageTwoRegime.LAST_LEVEL));
        }
    }

    @FunctionalInterface
    private interface Transfer {
        void move(Translation.Mapped at, int done, int part);
    }

    private record PageTransfer(Transfer transfer, int done, int part) {
        void move(Translation.Mapped at) {
            transfer.move(at, done, part);
        }
    }
}
