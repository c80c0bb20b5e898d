// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import io.grpc.Attributes;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A call of vertx-grpcio that may be used from any thread: what is written goes to the call's event loop.
final class EdgeCall<Q, R> extends ServerCall<Q, R> {
    /// Messages on their way to the event loop, over which the call is not ready.
    private static final int MOST_QUEUED = 16;

    private final ServerCall<Q, R> call;
    private final Context loop;
    private final CancellableContext context;
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile boolean writable = true;
    private volatile @Nullable Runnable ready;

    EdgeCall(ServerCall<Q, R> call, Context loop, CancellableContext context) {
        this.call = call;
        this.loop = loop;
        this.context = context;
    }

    CancellableContext context() {
        return context;
    }

    /// What to run when the call has become ready again.
    void onReady(Runnable task) {
        ready = task;
    }

    /// On the event loop: whether the connection takes more.
    void refresh() {
        writable = call.isReady();
    }

    /// Nothing may be written any more.
    void over() {
        over.set(true);
    }

    boolean isOver() {
        return over.get();
    }

    @Override
    public void request(int messages) {
        post(() -> call.request(messages));
    }

    @Override
    public void sendHeaders(Metadata headers) {
        post(() -> call.sendHeaders(headers));
    }

    @Override
    public void sendMessage(R message) {
        queued.incrementAndGet();
        post(() -> {
            call.sendMessage(message);
            sent();
        });
    }

    @Override
    public boolean isReady() {
        boolean is = !over.get() && writable && queued.get() < MOST_QUEUED;
        if (!is) {
            waiting.set(true);
        }
        return is;
    }

    @Override
    public void close(Status status, Metadata trailers) {
        post(() -> {
            over();
            call.close(status, trailers);
        });
    }

    @Override
    public boolean isCancelled() {
        return context.isCancelled();
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
        return call.getMethodDescriptor();
    }

    @Override
    public Attributes getAttributes() {
        return call.getAttributes();
    }

    @Override
    public @Nullable String getAuthority() {
        return call.getAuthority();
    }

    private void sent() {
        writable = call.isReady();
        Runnable task = ready;
        if (queued.decrementAndGet() < MOST_QUEUED && writable && task != null && waiting.compareAndSet(true, false)) {
            task.run();
        }
    }

    private void post(Runnable task) {
        loop.runOnContext(ignored -> {
            if (!over.get()) {
                task.run();
            }
        });
    }
}
