// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import dev.realmesh.cca.abi.SmcConduit.Request;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// What a running guest's processor waits for. At most one of each kind is there at a time: a guest that asks waits for
/// the answer, and interrupts that were not taken yet are one.
final class GuestEvents {
    private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();
    private final AtomicBoolean interruptPending = new AtomicBoolean();

    /// Something that ends a wait.
    sealed interface Event {
        /// The guest asks for something.
        record Requested(Request request) implements Event {}

        /// The host pulled the interrupt line.
        record Interrupted() implements Event {}

        /// The guest is gone.
        record Gone(String why) implements Event {}
    }

    void requested(Request request) {
        queue.add(new Event.Requested(request));
    }

    void interrupted() {
        if (interruptPending.compareAndSet(false, true)) {
            queue.add(new Event.Interrupted());
        }
    }

    void gone(String why) {
        queue.add(new Event.Gone(why));
    }

    /// The next event; waits for it. A thread that is interrupted meanwhile is as good as a pulled line.
    Event take() {
        try {
            Event event = queue.take();
            if (event instanceof Event.Interrupted) {
                interruptPending.set(false);
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Event.Gone("its processor's thread was interrupted");
        }
    }
}
