// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers with its name, once it is not held.
final class Named extends TestServiceGrpc.TestServiceImplBase {
    private final String name;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile CountDownLatch held = new CountDownLatch(0);

    Named(String name) {
        this.name = name;
    }

    /// The name of who answers a call.
    static String whoAnswers(Channel channel) {
        return TestServiceGrpc.newBlockingStub(channel)
                .unaryCall(SimpleRequest.getDefaultInstance())
                .getServerId();
    }

    /// Calls that have come here.
    int taken() {
        return taken.get();
    }

    /// From now on calls wait for [#release].
    void hold() {
        held = new CountDownLatch(1);
    }

    void release() {
        held.countDown();
    }

    @Override
    public void unaryCall(SimpleRequest request, StreamObserver<SimpleResponse> answers) {
        taken.incrementAndGet();
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answers.onNext(SimpleResponse.newBuilder().setServerId(name).build());
        answers.onCompleted();
    }
}
