// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Asks, once a second, whether those answer that this node needs: a node that has joined a cluster of one is up
/// and of no use.
final class Readiness implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

    private final Map<String, ManagedChannel> needs = new TreeMap<>();
    private final Thread asking;
    private volatile List<String> missing;
    private volatile boolean closed;

    Readiness(List<String> names, Function<String, ManagedChannel> channels) {
        names.forEach(name -> needs.put(name, channels.apply(name)));
        missing = List.copyOf(needs.keySet());
        asking = Thread.ofVirtual().name("readiness").unstarted(this::ask);
        if (!needs.isEmpty()) {
            asking.start();
        }
    }

    /// The bus names that do not answer as serving.
    List<String> missing() {
        return missing;
    }

    boolean ready() {
        return !closed && missing.isEmpty();
    }

    /// From now on the node is not ready.
    @Override
    public void close() {
        closed = true;
        asking.interrupt();
    }

    private void ask() {
        try {
            while (!closed) {
                List<String> silent = new ArrayList<>();
                needs.forEach((name, channel) -> {
                    if (!serves(channel)) {
                        silent.add(name);
                    }
                });
                missing = List.copyOf(silent);
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean serves(ManagedChannel channel) {
        try {
            return HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ANSWER_WITHIN)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus()
                    == ServingStatus.SERVING;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }
}
