// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.health;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Something that a service or a node cannot do without, and how to ask whether it is there.
///
/// @param id what it is, such as `database`
/// @param interval how long to wait between an answer and the next question
/// @param probe asks
public record HealthCheck(String id, Duration interval, Probe probe) {
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    /// Asks whether something is there. It may block: it has a virtual thread of its own, which is interrupted after
    /// [WatchedChecks#ANSWER_WITHIN].
    @FunctionalInterface
    public interface Probe {
        /// What is wrong, in words that anybody may read (no secrets, no addresses with passwords); empty if nothing
        /// is.
        /// What it throws counts as wrong, and is shown to nobody.
        Optional<String> problem() throws Exception;
    }

    /// A check that is made every 3 s.
    public static HealthCheck of(String id, Probe probe) {
        return new HealthCheck(id, INTERVAL, probe);
    }

    /// Whether a gRPC server answers that it serves; 1 s is its time.
    public static Probe serving(Channel channel) {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
        return () -> {
            try {
                ServingStatus status = health.withDeadlineAfter(1, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus();
                return status == ServingStatus.SERVING ? Optional.empty() : Optional.of("answers " + status);
            } catch (StatusRuntimeException e) {
                return Optional.of("does not answer: " + e.getStatus().getCode());
            }
        };
    }

    /// This, for the service that is known as `owner`.
    public HealthCheck of(String owner) {
        return new HealthCheck(owner + "/" + id, interval, probe);
    }
}
