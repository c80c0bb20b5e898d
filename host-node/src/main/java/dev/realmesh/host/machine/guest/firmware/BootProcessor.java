// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.host.machine.ProcessorContext;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.StageTwoFault;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.machine.guest.GuestProcess;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.Sandbox;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A Realm's first processor: it runs what is at its first instruction. That is the kernel, or firmware, which starts
/// the kernel in the end.
public final class BootProcessor implements RealmProcessor {
    private static final int MAX_LINE = 2048;

    private final ProcessorContext context;
    private final RealmProcessor guest;
    private final ReentrantLock lifecycle = new ReentrantLock();
    private volatile @Nullable FirmwareRun firmware;
    private volatile boolean handedOver;
    private boolean closed;

    private BootProcessor(ProcessorContext context, RealmProcessor guest) {
        this.context = context;
        this.guest = guest;
    }

    /// Processors that boot by firmware where there is some, and whose guests are in `sandbox` and `folders`.
    public static RealmProcessorFactory factory(Sandbox sandbox, MemoryFolders folders) {
        RealmProcessorFactory guests = GuestProcess.factory(sandbox, folders);
        return context ->
                context.mpidr() == 0 ? new BootProcessor(context, guests.create(context)) : guests.create(context);
    }

    @Override
    public Trap run(Resumption resumption) {
        if (handedOver) {
            return guest.run(resumption);
        }
        FirmwareRun running = firmware;
        if (running == null) {
            return resumption instanceof Resumption.Abort ? startGuest(resumption) : start(resumption);
        }
        return go(running, resumption);
    }

    private Trap start(Resumption resumption) {
        Registers entry = resumption.registers();
        byte[] header = new byte[GuestFirmware.HEADER_BYTES];
        Optional<StageTwoFault> fault =
                context.memory().fetch(new IntermediatePhysicalAddress(entry.pc()), header, 0, header.length);
        if (fault.isPresent()) {
            return new Trap.Synchronous(entry, Syndrome.of(fault.get()));
        }
        if (!GuestFirmware.isHeader(header)) {
            return startGuest(resumption);
        }
        FirmwareRun made = new FirmwareRun(
                run -> BootFirmware.run(new FirmwareCore(context.memory(), run, entry.pc()), entry.pc(), this::print));
        lifecycle.lock();
        try {
            if (closed) {
                return new Trap.Ended();
            }
            firmware = made;
        } finally {
            lifecycle.unlock();
        }
        return go(made, resumption);
    }

    private Trap go(FirmwareRun running, Resumption resumption) {
        return switch (running.run(resumption)) {
            case FirmwareRun.Step.Trapped trapped -> trapped.trap();
            case FirmwareRun.Step.Jumped jumped -> startGuest(new Resumption.Continue(jumped.entry()));
            case FirmwareRun.Step.Failed failed -> {
                print(failed.why());
                yield new Trap.Ended();
            }
        };
    }

    private Trap startGuest(Resumption entry) {
        handedOver = true;
        return guest.run(entry);
    }

    /// What the host gave may be in it, so it is cut, and control characters are shown as dots.
    private void print(String line) {
        String shown = line.substring(0, Math.min(line.length(), MAX_LINE)).replaceAll("\\p{Cntrl}", ".");
        context.devices().console().ifPresent(console -> console.lines().accept(shown));
    }

    @Override
    public void interrupt() {
        FirmwareRun running = firmware;
        if (running != null && !handedOver) {
            running.interrupt();
        }
        guest.interrupt();
    }

    @Override
    public void close() {
        lifecycle.lock();
        try {
            closed = true;
            FirmwareRun running = firmware;
            if (running != null) {
                running.close();
            }
        } finally {
            lifecycle.unlock();
        }
        guest.close();
    }
}
