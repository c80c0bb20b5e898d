// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.forward;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Consumer;

/// Passes each call of a method on to a channel. Never blocks.
///
/// @param method the method, with the marshallers to use on both sides
/// @param channel where to
/// @param headers changes the call's metadata on its way
public record ForwardHandler<Q, R>(MethodDescriptor<Q, R> method, Channel channel, Consumer<Metadata> headers)
        implements ServerCallHandler<Q, R> {
    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, R> from, Metadata metadata) {
        CallOptions options = CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor());
        Deadline deadline = Context.current().getDeadline();
        if (deadline != null) {
            options = options.withDeadline(deadline);
        }
        ClientCall<Q, R> to = channel.newCall(method, options);
        Relay<Q, R> relay = new Relay<>(from, to);
        headers.accept(metadata);
        to.start(relay.answers, metadata);
        to.request(firstDemand(method.getType().serverSendsOneMessage()));
        from.request(firstDemand(method.getType().clientSendsOneMessage()));
        return relay.requests;
    }

    /// Where one message is all there is, the end behind it is asked for at once: the other side is not ready for
    /// more before it comes.
    private static int firstDemand(boolean oneMessage) {
        return oneMessage ? 2 : 1;
    }

    /// The two halves of a call. One message of each direction is under way at a time: the next one is asked for
    /// once the other side can take it.
    private static final class Relay<Q, R> {
        private final ServerCall<Q, R> from;
        private final ClientCall<Q, R> to;
        private final Requests requests = new Requests();
        private final Answers answers = new Answers();

        Relay(ServerCall<Q, R> from, ClientCall<Q, R> to) {
            this.from = from;
            this.to = to;
        }

        private final class Requests extends ServerCall.Listener<Q> {
            private boolean owed;

            @Override
            public void onMessage(Q message) {
                to.sendMessage(message);
                askIfReady();
            }

            @Override
            public void onHalfClose() {
                to.halfClose();
            }

            @Override
            public void onCancel() {
                to.cancel("caller cancelled", null);
            }

            @Override
            public void onReady() {
                answers.ready();
            }

            private synchronized void askIfReady() {
                owed = !to.isReady();
                if (!owed) {
                    from.request(1);
                }
            }

            synchronized void ready() {
                if (owed) {
                    owed = false;
                    from.request(1);
                }
            }
        }

        private final class Answers extends ClientCall.Listener<R> {
            private boolean owed;

            @Override
            public void onHeaders(Metadata headers) {
                from.sendHeaders(headers);
            }

            @Override
            public void onMessage(R message) {
                from.sendMessage(message);
                askIfReady();
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                // A cause would only matter to this process.
                from.close(Status.fromCode(status.getCode()).withDescription(status.getDescription()), trailers);
            }

            @Override
            public void onReady() {
                requests.ready();
            }

            private synchronized void askIfReady() {
                owed = !from.isReady();
                if (!owed) {
                    to.request(1);
                }
            }

            synchronized void ready() {
                if (owed) {
                    owed = false;
                    to.request(1);
                }
            }
        }
    }
}
