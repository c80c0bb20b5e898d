// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.health.ServedHealth;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A gRPC server on the bus with its health, and the order in which it ends.
final class BusServing implements MeshNode.Serving {
    private final Server server;
    private final ServedHealth health;
    private final ExecutorService handlers;
    private final Duration drain;

    private BusServing(Server server, ServedHealth health, ExecutorService handlers, Duration drain) {
        this.server = server;
        this.health = health;
        this.handlers = handlers;
        this.drain = drain;
    }

    static BusServing start(
            ServerBuilder<?> builder, String busName, List<? extends BindableService> services, Duration drain) {
        ExecutorService handlers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(busName + "-", 0).factory());
        ServedHealth health = new ServedHealth(services.stream()
                .map(service -> service.bindService().getServiceDescriptor().getName())
                .toList());
        builder.executor(handlers).addService(health.service());
        services.forEach(builder::addService);
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(busName + ": not started", e);
        }
        return new BusServing(server, health, handlers, drain);
    }

    /// What tells clients whether it serves.
    ServedHealth health() {
        return health;
    }

    /// Not serving, no new calls, unregistered, GOAWAY to every client; then waits for calls in flight and ends
    /// those that take longer than the drain.
    @Override
    public void close() {
        health.end();
        server.shutdown();
        try {
            if (!server.awaitTermination(drain.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        handlers.shutdownNow();
    }
}
