// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.StageTwoFault;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.machine.guest.GuestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;

/// The processor as firmware's straight-line code uses it: an access or a call returns when it is done, whatever the
/// RMM and the host did meanwhile. All of it traps at the same place, the first instruction of the firmware.
final class FirmwareCore {
    private static final int PAGE = IntermediatePhysicalAddress.PAGE_SIZE;

    /// Register of transfers with devices.
    private static final int TRANSFER = 1;

    private final RealmMemory memory;
    private final FirmwareRun run;
    private final Registers idle;

    FirmwareCore(RealmMemory memory, FirmwareRun run, long pc) {
        this.memory = memory;
        this.run = run;
        this.idle = Registers.startingWith(GeneralRegisters.zero(0), pc);
    }

    /// A page's part of an access.
    private interface Part {
        Optional<StageTwoFault> access(IntermediatePhysicalAddress at, int done, int length);
    }

    /// Reads memory.
    void load(long ipa, byte[] into, int length) {
        access(ipa, length, (at, done, part) -> memory.load(at, into, done, part));
    }

    /// Reads memory.
    byte[] load(long ipa, int length) {
        byte[] bytes = new byte[length];
        load(ipa, bytes, length);
        return bytes;
    }

    /// Reads instructions.
    byte[] fetch(long ipa, int length) {
        byte[] bytes = new byte[length];
        access(ipa, length, (at, done, part) -> memory.fetch(at, bytes, done, part));
        return bytes;
    }

    /// Writes memory.
    void store(long ipa, byte[] from, int length) {
        access(ipa, length, (at, done, part) -> memory.store(at, from, done, part));
    }

    private void access(long ipa, int length, Part part) {
        for (int done = 0; done < length; ) {
            IntermediatePhysicalAddress at = new IntermediatePhysicalAddress(ipa + done);
            int from = done;
            int size = Math.min(length - done, PAGE - (int) (at.value() & (PAGE - 1)));
            run.checkpoint(idle);
            for (Optional<StageTwoFault> fault = part.access(at, from, size);
                    fault.isPresent();
                    fault = part.access(at, from, size)) {
                trap(new Trap.Synchronous(idle, Syndrome.of(fault.get())), at.toString());
            }
            done += size;
        }
    }

    /// Reads a register of a device; `bytes` is 1, 2, 4 or 8.
    long readDevice(long ipa, int bytes) {
        byte[] word = new byte[Long.BYTES];
        return transfer(ipa, bytes, 0, () -> memory.load(new IntermediatePhysicalAddress(ipa), word, 0, bytes))
                .orElseGet(() -> little(word).getLong(0));
    }

    /// Writes a register of a device; `bytes` is 1, 2, 4 or 8.
    void writeDevice(long ipa, int bytes, long value) {
        byte[] word = little(new byte[Long.BYTES]).putLong(value).array();
        var unused =
                transfer(ipa, bytes, value, () -> memory.store(new IntermediatePhysicalAddress(ipa), word, 0, bytes));
    }

    /// An access that the host emulates; what it read then. Where the host has mapped memory, the access is done.
    private Optional<Long> transfer(long ipa, int bytes, long value, Supplier<Optional<StageTwoFault>> access) {
        Registers at = idle.withX(TRANSFER, value);
        for (Optional<StageTwoFault> fault = access.get(); fault.isPresent(); fault = access.get()) {
            Syndrome syndrome = Syndrome.of(fault.get()).withTransfer(bytes, TRANSFER);
            Registers after = trap(new Trap.Synchronous(at, syndrome), "0x" + Long.toHexString(ipa));
            if (after.pc() != at.pc()) {
                return Optional.of(after.x(TRANSFER));
            }
        }
        return Optional.empty();
    }

    /// Calls the RMM: the registers after it.
    Registers call(RsiCommand command, long... arguments) {
        Registers calling = new Registers(idle.general().with(0, command.fid()), idle.pc());
        for (int i = 0; i < arguments.length; i++) {
            calling = calling.withX(i + 1, arguments[i]);
        }
        Registers after = calling;
        while (after.pc() == calling.pc()) {
            after = trap(new Trap.Smc(calling), command.toString());
        }
        return after;
    }

    private Registers trap(Trap trap, String what) {
        Resumption resumption = run.trap(trap);
        if (resumption instanceof Resumption.Abort) {
            throw new GuestException.BadFirmware(what + ": aborted (expected: memory or a device there)");
        }
        return resumption.registers();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
