// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.image.connect.HostAndPort;
import dev.realmesh.image.connect.Outbound;
import dev.realmesh.image.connect.OutboundConnection;
import dev.realmesh.image.connect.OutboundException;
import dev.realmesh.proto.image.v1.ConnectRequest;
import dev.realmesh.proto.image.v1.ConnectResponse;
import dev.realmesh.proto.image.v1.ConnectTarget;
import dev.realmesh.proto.image.v1.Connected;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One call of `Connect`: one thread takes the Realm's messages, each asked for when the one before is written, another
/// one sends what the host answers, no faster than the Realm reads.
final class ConnectCall implements StreamObserver<ConnectRequest> {
    private static final int MAX_BYTES = 64 << 10;
    private static final int FIRST_SECONDS = 10;

    private final Outbound outbound;
    private final String realm;
    private final Executor threads;
    private final AnswerStream<ConnectResponse> answers;
    private final BlockingQueue<Optional<ConnectRequest>> messages = new LinkedBlockingQueue<>();

    private ConnectCall(
            Outbound outbound, String realm, Executor threads, ServerCallStreamObserver<ConnectResponse> call) {
        this.outbound = outbound;
        this.realm = realm;
        this.threads = threads;
        this.answers = new AnswerStream<>(call, this::onCompleted);
    }

    /// Begins to serve a call, on its own thread.
    ///
    /// @param realm who calls
    /// @return takes its messages
    static StreamObserver<ConnectRequest> begin(
            Outbound outbound, String realm, Executor threads, ServerCallStreamObserver<ConnectResponse> call) {
        ConnectCall begun = new ConnectCall(outbound, realm, threads, call);
        call.disableAutoRequest();
        call.request(1);
        threads.execute(begun::serve);
        return begun;
    }

    @Override
    public void onNext(ConnectRequest message) {
        messages.add(Optional.of(message));
    }

    @Override
    public void onError(Throwable gone) {
        onCompleted();
    }

    @Override
    public void onCompleted() {
        messages.add(Optional.empty());
    }

    private void serve() {
        try (OutboundConnection connection = outbound.open(realm, target())) {
            answers.send(ConnectResponse.newBuilder()
                    .setConnected(Connected.getDefaultInstance())
                    .build());
            threads.execute(() -> relayAnswers(connection));
            serve(connection);
        } catch (OutboundException e) {
            answers.failed(status(e).withDescription(e.getMessage()));
        } catch (StatusRuntimeException e) {
            answers.failed(e.getStatus());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answers.failed(AnswerStream.CLOSING);
        }
    }

    /// What is wrong is told before the connection is closed, or the other thread tells that it broke off.
    private void serve(OutboundConnection connection) throws InterruptedException {
        try {
            relayRequests(connection);
        } catch (StatusRuntimeException e) {
            answers.failed(e.getStatus());
        } catch (IOException e) {
            answers.failed(brokeOff(e));
        }
    }

    private HostAndPort target() throws InterruptedException {
        Optional<ConnectRequest> first = messages.poll(FIRST_SECONDS, TimeUnit.SECONDS);
        if (first == null || first.isEmpty() || !first.get().hasTarget()) {
            throw wrong("first message (expected: a target)");
        }
        answers.request();
        ConnectTarget target = first.get().getTarget();
        return new HostAndPort(target.getHost(), target.getPort());
    }

    /// Until the call is over: the connection is closed then.
    private void relayRequests(OutboundConnection connection) throws IOException, InterruptedException {
        Optional<ConnectRequest> message = messages.take();
        while (message.isPresent()) {
            int size = message.get().getData().size();
            if (size < 1 || size > MAX_BYTES) {
                throw wrong("data of " + size + " bytes (expected: 1-" + MAX_BYTES + ")");
            }
            connection.write(message.get().getData().toByteArray());
            answers.request();
            message = messages.take();
        }
        connection.endOfOutput();
        answers.awaitOver();
    }

    /// Who hears of the end may open the next connection: this one does not count any more then.
    private void relayAnswers(OutboundConnection connection) {
        try {
            byte[] buffer = new byte[MAX_BYTES];
            for (int read = connection.read(buffer); read > 0 && answers.awaitReady(); read = connection.read(buffer)) {
                answers.send(ConnectResponse.newBuilder()
                        .setData(ByteString.copyFrom(buffer, 0, read))
                        .build());
            }
            answers.completed(connection::close);
        } catch (IOException e) {
            answers.failed(brokeOff(e), connection::close);
        } catch (StatusRuntimeException e) {
            answers.failed(e.getStatus(), connection::close);
        } finally {
            onCompleted();
        }
    }

    private static StatusRuntimeException wrong(String what) {
        return Status.INVALID_ARGUMENT.withDescription("connect: " + what).asRuntimeException();
    }

    private static Status brokeOff(IOException cause) {
        return Status.UNAVAILABLE.withDescription("connect: broke off, " + cause.getMessage());
    }

    private static Status status(OutboundException refusal) {
        return switch (refusal) {
            case OutboundException.BadTarget e -> Status.INVALID_ARGUMENT;
            case OutboundException.NotAllowed e -> Status.PERMISSION_DENIED;
            case OutboundException.TooMany e -> Status.RESOURCE_EXHAUSTED;
            case OutboundException.Unreachable e -> Status.UNAVAILABLE;
        };
    }
}
