// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Knows when the calls of a node's channels have ended. A channel's own termination is no measure: it waits for
/// connections too, and grpc-java keeps one for 5 s after its server has left the list.
final class CallsInFlight implements ClientInterceptor {
    private final Semaphore free = new Semaphore(Integer.MAX_VALUE);

    /// Waits until no call is in flight, but not longer than `most`. Calls that begin later are not waited for.
    void awaitNone(Duration most) throws InterruptedException {
        if (free.tryAcquire(Integer.MAX_VALUE, most.toMillis(), TimeUnit.MILLISECONDS)) {
            free.release(Integer.MAX_VALUE);
        }
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> answers, Metadata headers) {
                boolean counted = free.tryAcquire();
                super.start(new Counted<>(answers, counted), headers);
            }
        };
    }

    private final class Counted<R> extends SimpleForwardingClientCallListener<R> {
        private final boolean counted;

        Counted(ClientCall.Listener<R> answers, boolean counted) {
            super(answers);
            this.counted = counted;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            super.onClose(status, trailers);
            if (counted) {
                free.release();
            }
        }
    }
}
