// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.health.CheckResult;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.mesh.health.ServedHealth;
import dev.realmesh.mesh.health.WatchedChecks;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What this node and its services need, and whether it is there: a node that has joined a cluster of one is up and of
/// no use.
final class Readiness implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final WatchedChecks needs;
    private final List<Served> services = new CopyOnWriteArrayList<>();
    private final List<ServedHealth> servers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private record Served(Set<String> grpcServices, WatchedChecks checks) {
        ServedHealth.Needs needs() {
            return new ServedHealth.Needs(grpcServices, checks.results());
        }
    }

    /// @param names bus names that must answer as serving
    Readiness(List<String> names, Function<String, ManagedChannel> channels) {
        List<HealthCheck> checks = names.stream()
                .map(name -> new HealthCheck(name, INTERVAL, HealthCheck.serving(channels.apply(name))))
                .toList();
        needs = WatchedChecks.start(checks, () -> {});
    }

    /// Watches what a service needs, until the watch is closed. Each has been asked for once when this returns.
    WatchedChecks watch(String busName, MeshService service) {
        Set<String> grpcServices = Stream.of(service.busServices(), service.edgeServices())
                .flatMap(List::stream)
                .map(bindable -> bindable.bindService().getServiceDescriptor().getName())
                .collect(Collectors.toUnmodifiableSet());
        List<HealthCheck> checks =
                service.healthChecks().stream().map(check -> check.of(busName)).toList();
        WatchedChecks watched = WatchedChecks.start(checks, this::show);
        services.add(new Served(grpcServices, watched));
        watched.awaitFirst();
        show();
        return watched;
    }

    /// No longer asks for what a service needs.
    void forget(WatchedChecks watched) {
        watched.close();
        services.removeIf(service -> service.checks() == watched);
    }

    /// Keeps the health of a server up to date, until that ends.
    void keep(ServedHealth server) {
        servers.add(server);
        show();
    }

    /// No longer tells a server.
    void drop(ServedHealth server) {
        servers.remove(server);
    }

    /// What is needed, and whether it is there.
    List<CheckResult> results() {
        return Stream.concat(
                        needs.results().stream(),
                        services.stream().flatMap(service -> service.checks().results().stream()))
                .toList();
    }

    boolean ready() {
        return !closed && results().stream().allMatch(CheckResult::up);
    }

    /// From now on the node is not ready.
    @Override
    public void close() {
        closed = true;
        needs.close();
        services.forEach(service -> service.checks().close());
    }

    private synchronized void show() {
        List<ServedHealth.Needs> all = services.stream().map(Served::needs).toList();
        servers.forEach(server -> server.show(all));
    }
}
