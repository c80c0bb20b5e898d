// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import java.util.concurrent.Semaphore;

/// A processor other than the one that boots: it waits for an interrupt, as an idle one does. What the guest's process
/// does on several threads is not divided among its Realm's processors; they say how many it may use.
final class ParkedProcessor implements RealmProcessor {
    private final Semaphore events = new Semaphore(0);
    private volatile boolean closed;

    @Override
    public Trap run(Resumption resumption) {
        events.acquireUninterruptibly();
        events.drainPermits();
        return closed ? new Trap.Ended() : new Trap.Interrupt(resumption.registers(), Trap.Interrupt.Kind.IRQ);
    }

    @Override
    public void interrupt() {
        events.release();
    }

    @Override
    public void close() {
        closed = true;
        events.release();
    }
}
