// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers with what was sent, or not at all; remembers the calls.
final class Echo extends TestServiceGrpc.TestServiceImplBase implements ServerInterceptor {
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile Metadata headers = new Metadata();
    private volatile boolean holding;

    int calls() {
        return calls.get();
    }

    Metadata headers() {
        return headers;
    }

    /// From now on calls get no answer.
    void hold() {
        holding = true;
    }

    void awaitHeld() throws InterruptedException {
        if (!held.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no call came");
        }
    }

    void awaitCancelled() throws InterruptedException {
        if (!cancelled.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the call was not cancelled");
        }
    }

    @Override
    public void unaryCall(SimpleRequest request, StreamObserver<SimpleResponse> answers) {
        calls.incrementAndGet();
        if (holding) {
            ((ServerCallStreamObserver<SimpleResponse>) answers).setOnCancelHandler(cancelled::countDown);
            held.countDown();
            return;
        }
        answers.onNext(
                SimpleResponse.newBuilder().setPayload(request.getPayload()).build());
        answers.onCompleted();
    }

    @Override
    public StreamObserver<StreamingOutputCallRequest> fullDuplexCall(
            StreamObserver<StreamingOutputCallResponse> answers) {
        ServerCallStreamObserver<StreamingOutputCallResponse> call =
                (ServerCallStreamObserver<StreamingOutputCallResponse>) answers;
        call.disableAutoRequest();
        call.setOnCancelHandler(cancelled::countDown);
        return new StreamObserver<>() {
            @Override
            public void onNext(StreamingOutputCallRequest request) {}

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {}
        };
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
        headers = metadata;
        return next.startCall(call, metadata);
    }
}
