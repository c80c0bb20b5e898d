// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.health.HealthCheck;
import io.grpc.BindableService;
import io.prometheus.metrics.model.registry.Collector;
import java.util.List;

/// A service of the mesh that is open: what it offers, and how it ends. It knows nothing of the node that serves it.
public interface MeshService extends AutoCloseable {
    /// What is served on the bus, under the service's bus name.
    List<BindableService> busServices();

    /// What is served on the edge: for people and tools outside the mesh.
    List<BindableService> edgeServices();

    /// What it cannot do without: gRPC and HTTP health name what is away.
    default List<HealthCheck> healthChecks() {
        return List.of();
    }

    /// What it counts, to be read at the node's `/metrics`.
    default List<Collector> metrics() {
        return List.of();
    }

    @Override
    void close();
}
