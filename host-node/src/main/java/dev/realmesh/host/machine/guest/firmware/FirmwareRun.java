// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.machine.guest.GuestException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Firmware on a thread of its own, between its traps. Processor and firmware take turns: one of them waits for the
/// other, always.
final class FirmwareRun implements AutoCloseable {
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final BlockingQueue<Resumption> resumptions = new LinkedBlockingQueue<>();
    private final AtomicBoolean interruptPending = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closed;
    private boolean started;

    /// Firmware's code.
    @FunctionalInterface
    interface Code {
        /// Runs to its end: the registers with which the kernel starts.
        Registers run(FirmwareRun on);
    }

    /// What firmware came to.
    sealed interface Step {
        /// A trap; it waits for the resumption.
        record Trapped(Trap trap) implements Step {}

        /// Its end: a kernel starts with these registers.
        record Jumped(Registers entry) implements Step {}

        /// Its end: it cannot go on.
        record Failed(String why) implements Step {}
    }

    /// The processor was switched off under the firmware.
    private static final class StoppedException extends RuntimeException {
        StoppedException() {
            super("the processor was switched off", null, false, false);
        }
    }

    FirmwareRun(Code code) {
        this.thread = Thread.ofVirtual().name("guest-firmware").unstarted(() -> steps.add(runToTheEnd(code)));
    }

    /// Whatever goes wrong in firmware ends its Realm, and nothing else.
    private Step runToTheEnd(Code code) {
        try {
            return new Step.Jumped(code.run(this));
        } catch (GuestException | StoppedException e) {
            return new Step.Failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Step.Failed("guest firmware: " + e);
        }
    }

    /// Lets firmware run until it comes to something.
    Step run(Resumption resumption) {
        if (started) {
            resumptions.add(resumption);
        } else {
            started = true;
            thread.start();
        }
        try {
            return steps.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Step.Failed("its processor's thread was interrupted");
        }
    }

    /// For firmware: traps, and returns when its processor runs again.
    Resumption trap(Trap trap) {
        steps.add(new Step.Trapped(trap));
        try {
            return resumptions.take();
        } catch (InterruptedException e) {
            throw new StoppedException();
        }
    }

    /// For firmware, before each access: leaves to the host if that pulled the interrupt line, and ends the firmware
    /// once
    /// the processor is off.
    void checkpoint(Registers registers) {
        if (closed) {
            throw new StoppedException();
        }
        if (interruptPending.compareAndSet(true, false)) {
            trap(new Trap.Interrupt(registers, Trap.Interrupt.Kind.IRQ));
        }
    }

    void interrupt() {
        interruptPending.set(true);
    }

    /// Firmware has stopped when this returns: the memory that it accesses may become another Realm's.
    @Override
    public void close() {
        closed = true;
        steps.add(new Step.Failed("the processor was switched off"));
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
