// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.config.Default;
import java.util.List;
import java.util.Optional;

/// Where `/health/live` and `/health/ready` are served, and what makes a node ready; section `mesh.health`.
///
/// @param host address to listen on; `host`, default 127.0.0.1
/// @param port port to listen on, 0 for any free one; `port`, absent: no HTTP health
/// @param needs bus names that must answer as serving before this node is ready; `needs`, default none
public record HealthConfig(
        @Default("127.0.0.1") String host,
        Optional<Integer> port,
        @Default("") List<String> needs) {
    public HealthConfig {
        needs = List.copyOf(needs);
        if (port.isPresent() && (port.get() < 0 || port.get() > 65_535)) {
            throw new IllegalArgumentException("port: " + port.get() + " (expected: 0-65535)");
        }
    }

    /// No HTTP health, no needs.
    public static HealthConfig none() {
        return new HealthConfig("127.0.0.1", Optional.empty(), List.of());
    }
}
