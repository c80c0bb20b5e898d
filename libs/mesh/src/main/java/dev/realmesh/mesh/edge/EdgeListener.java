// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands a call's events to its handler, one after the other, on virtual threads.
final class EdgeListener<Q, R> extends ServerCall.Listener<Q> {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeListener.class);

    private final EdgeCall<Q, R> call;
    private final Executor inOrder;
    private final AtomicBoolean ended = new AtomicBoolean();
    private ServerCall.@Nullable Listener<Q> handler;

    EdgeListener(EdgeCall<Q, R> call, Executor inOrder, Supplier<ServerCall.Listener<Q>> start) {
        this.call = call;
        this.inOrder = inOrder;
        call.onReady(this::onReady);
        run(() -> handler = start.get());
        // The deadline ends the context; vertx-grpcio answers the client and tells no listener.
        call.context().addListener(cancelled -> onCancel(), Runnable::run);
    }

    @Override
    public void onMessage(Q message) {
        handle(listener -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        handle(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onReady() {
        call.refresh();
        handle(ServerCall.Listener::onReady);
    }

    @Override
    public void onCancel() {
        if (ended.compareAndSet(false, true)) {
            call.over();
            call.context().cancel(null);
            handle(ServerCall.Listener::onCancel);
        }
    }

    /// Nothing can be sent to the client any more, be it that all was or that its connection ended.
    void onGone() {
        if (!call.isOver()) {
            onCancel();
        }
    }

    @Override
    public void onComplete() {
        if (ended.compareAndSet(false, true)) {
            handle(ServerCall.Listener::onComplete);
            run(() -> call.context().cancel(null));
        }
    }

    private void handle(Consumer<ServerCall.Listener<Q>> event) {
        run(() -> {
            if (handler != null) {
                event.accept(handler);
            }
        });
    }

    private void run(Runnable task) {
        inOrder.execute(() -> {
            Context outer = call.context().attach();
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("{} failed", call.getMethodDescriptor().getFullMethodName(), e);
                call.close(Status.UNKNOWN.withDescription("handler failed"), new Metadata());
            } finally {
                call.context().detach(outer);
            }
        });
    }
}
