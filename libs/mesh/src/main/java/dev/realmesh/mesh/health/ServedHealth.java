// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.health;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// The gRPC health (`grpc.health.v1.Health`) of one server. A service is serving while all is there that it needs, the
/// server as a whole while all of its services are; each check has a name of its own, such as
/// `attestation-service/database`, for `Check`, `List` and `Watch`.
public final class ServedHealth {
    private final HealthStatusManager grpc = new HealthStatusManager();
    private final Set<String> services;

    /// What one service of the mesh needs.
    ///
    /// @param services full names of its gRPC services
    /// @param results what its checks came to
    public record Needs(Set<String> services, List<CheckResult> results) {
        /// Whether all is there.
        public boolean met() {
            return results.stream().allMatch(CheckResult::up);
        }
    }

    /// A server whose services serve.
    ///
    /// @param services full names of its gRPC services
    public ServedHealth(Collection<String> services) {
        this.services = Set.copyOf(services);
        this.services.forEach(name -> show(name, true));
    }

    /// What the server serves.
    public BindableService service() {
        return grpc.getHealthService();
    }

    /// Shows what the services of this server need and have. Those that are not of this server do not matter.
    public synchronized void show(List<Needs> all) {
        boolean serving = true;
        for (Needs needs : all) {
            List<String> ours =
                    needs.services().stream().filter(services::contains).toList();
            ours.forEach(name -> show(name, needs.met()));
            if (!ours.isEmpty()) {
                needs.results().forEach(result -> show(result.id(), result.up()));
                serving &= needs.met();
            }
        }
        show(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, serving);
    }

    /// From now on nothing serves.
    public void end() {
        grpc.enterTerminalState();
    }

    private void show(String name, boolean serving) {
        grpc.setStatus(name, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }
}
