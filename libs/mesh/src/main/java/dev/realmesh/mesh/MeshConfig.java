// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.bus.ClusterConfig;
import dev.realmesh.mesh.config.Default;
import java.time.Duration;
import java.util.Optional;

/// How a node takes part in the mesh; section `mesh` of the configuration.
///
/// @param cluster the cluster to join, `cluster`; absent: the node is alone, its bus does not leave the process
/// @param health where readiness is served and what it asks for, `health`
/// @param drain how long calls in flight may last once the node stops, 0 s to 10 min; `drain`, default 10s
/// @param maxMessageBytes largest gRPC message that is sent or taken, 1 KiB to 64 MiB; `max-message-bytes`,
///     default 4 MiB
public record MeshConfig(
        Optional<ClusterConfig> cluster,
        HealthConfig health,
        @Default("10s") Duration drain,
        @Default("4194304") int maxMessageBytes) {
    public MeshConfig {
        if (drain.isNegative() || drain.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("drain: " + drain + " (expected: 0s-10m)");
        }
        if (maxMessageBytes < 1024 || maxMessageBytes > 64 << 20) {
            throw new IllegalArgumentException("max-message-bytes: " + maxMessageBytes + " (expected: 1024-67108864)");
        }
    }

    /// A node that is alone in its process, with no health port: the embedded mesh and tests.
    public static MeshConfig local() {
        return new MeshConfig(Optional.empty(), HealthConfig.none(), Duration.ofSeconds(10), 4 << 20);
    }
}
