// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.concurrent.CountDownLatch;

/// Whether the host is there, by the connectivity of the link's channel. The link is made once and never idles, so a
/// channel that was ready and is not any more, or that cannot get ready, means that the host left.
final class HostPresence {
    private final ManagedChannel channel;

    private HostPresence(ManagedChannel channel) {
        this.channel = channel;
    }

    /// The presence of the host at the other end of a link.
    ///
    /// @param link the link's channel, a managed one
    static HostPresence over(Channel link) {
        if (link instanceof ManagedChannel managed) {
            return new HostPresence(managed);
        }
        throw new IllegalArgumentException(
                "link: " + link.getClass().getSimpleName() + " (expected: a channel that knows its state)");
    }

    /// Waits until the host is gone.
    ///
    /// @throws InterruptedException if this thread is interrupted while it waits
    void awaitGone() throws InterruptedException {
        boolean seen = false;
        while (true) {
            ConnectivityState state = channel.getState(!seen);
            seen |= state == ConnectivityState.READY;
            boolean failed = state == ConnectivityState.TRANSIENT_FAILURE || state == ConnectivityState.SHUTDOWN;
            boolean lost = seen && state == ConnectivityState.IDLE;
            if (failed || lost) {
                return;
            }
            CountDownLatch changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            changed.await();
        }
    }
}
