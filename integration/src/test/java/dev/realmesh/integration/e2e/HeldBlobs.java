// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// Stands before image-service: keeps what is asked for, and can hold a blob up in the middle.
final class HeldBlobs implements ServerInterceptor {
    private static final int BYTES_BEFORE = 4 << 20;

    private final List<GetBlobRequest> asked = new CopyOnWriteArrayList<>();
    private final Queue<Hold> holds = new ConcurrentLinkedQueue<>();

    /// A blob that does not go on.
    static final class Hold implements AutoCloseable {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        /// Returns when 4 MiB of the blob are sent.
        void await() throws InterruptedException {
            reached.await();
        }

        /// Lets it go on.
        @Override
        public void close() {
            over.countDown();
        }

        private void hold() {
            reached.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Status.UNAVAILABLE.withDescription("held until the end").asRuntimeException();
            }
        }
    }

    /// These, behind this.
    List<BindableService> before(List<BindableService> services) {
        return services.stream()
                .map(each -> (BindableService) () -> ServerInterceptors.intercept(each, this))
                .toList();
    }

    /// Holds up the next blob that has come so far.
    Hold hold() {
        Hold hold = new Hold();
        holds.add(hold);
        return hold;
    }

    /// The blobs that were asked for, oldest first.
    List<GetBlobRequest> asked() {
        return List.copyOf(asked);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        ServerCall.Listener<Q> listener = next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    private long sent;

                    @Override
                    public void sendMessage(R message) {
                        super.sendMessage(message);
                        if (message instanceof GetBlobResponse part) {
                            sent += part.getChunk().size();
                            holdIfDue();
                        }
                    }

                    private void holdIfDue() {
                        Hold due = sent < BYTES_BEFORE ? null : holds.poll();
                        if (due != null) {
                            due.hold();
                        }
                    }
                },
                headers);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                if (message instanceof GetBlobRequest request) {
                    asked.add(request);
                }
                super.onMessage(message);
            }
        };
    }
}
