// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.vmm.RecRunner.Halt;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All virtual processors of one Realm: the first runs at once, the others when one that runs turns them on, each on a
/// thread of its own. The Realm ends when one of them turns it off or dies, or when the last one is off.
final class VirtualCpus {
    private static final long KICK_INTERVAL_MILLIS = 20;

    private final List<RecRunner> runners;
    private final Runnable interrupt;
    private final BitSet running = new BitSet();
    private final BitSet wanted = new BitSet();
    private @Nullable RealmEnd end;
    private @Nullable RuntimeException failure;
    private volatile boolean stopping;

    /// @param runPages gives pages of the host's memory, one for each REC
    /// @param interrupt makes all processors that run leave to the host soon
    VirtualCpus(
            Rmi rmi, VirtualRealm realm, MemoryExits memory, Supplier<PhysicalAddress> runPages, Runnable interrupt) {
        this.interrupt = interrupt;
        PsciHost psci = new PsciHost(rmi, realm, this::turnOn);
        List<RecRunner> all = new ArrayList<>();
        realm.recs().forEach(rec -> all.add(new RecRunner(rmi, rec, runPages.get(), psci, memory)));
        this.runners = List.copyOf(all);
    }

    /// Makes all processors come back at their next exit, and none start.
    void stop() {
        ended(RealmEnd.STOPPED);
        interrupt.run();
    }

    /// Runs until all processors stand still; blocks meanwhile.
    ///
    /// @throws VmmException if the Realm did what a host cannot serve, or the RMM refuses to run it
    RealmEnd run() {
        turnOn(0);
        return awaitStandstill();
    }

    private synchronized RealmEnd awaitStandstill() {
        boolean interrupted = false;
        while (!running.isEmpty()) {
            try {
                // An interrupt that comes between two entries is lost, so it is repeated.
                if (stopping) {
                    interrupt.run();
                }
                wait(KICK_INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        return end == null ? RealmEnd.SYSTEM_OFF : end;
    }

    /// Turns a processor on; one that is about to stand still runs again.
    private synchronized void turnOn(int index) {
        if (stopping) {
            return;
        }
        if (running.get(index)) {
            wanted.set(index);
            return;
        }
        running.set(index);
        Thread.ofVirtual().name("vcpu-" + index).start(() -> runOne(index));
    }

    private void runOne(int index) {
        try {
            do {
                halted(runners.get(index).run(() -> stopping));
            } while (goesOn(index));
        } catch (RuntimeException e) {
            failed(index, e);
        } catch (Error e) {
            failed(index, new IllegalStateException("vcpu-" + index + ": " + e, e));
        }
    }

    private void halted(Halt halt) {
        switch (halt) {
            case SYSTEM_OFF -> ended(RealmEnd.SYSTEM_OFF);
            case DIED -> ended(RealmEnd.DIED);
            case CPU_OFF, STOPPED -> {}
        }
    }

    private synchronized void ended(RealmEnd how) {
        if (end == null) {
            end = how;
        }
        stopping = true;
        notifyAll();
    }

    private synchronized void failed(int index, RuntimeException e) {
        if (failure == null) {
            failure = e;
        }
        ended(RealmEnd.DIED);
        running.clear(index);
        notifyAll();
    }

    private synchronized boolean goesOn(int index) {
        if (wanted.get(index) && !stopping) {
            wanted.clear(index);
            return true;
        }
        running.clear(index);
        notifyAll();
        return false;
    }
}
