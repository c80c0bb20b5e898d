// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.cli.mesh.EmbeddedMesh;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import io.grpc.Channel;
import java.time.InstantSource;

/// A mesh that serves, as its users see it.
interface RunningMesh extends AutoCloseable {
    int edgePort();

    int registryPort();

    /// The port of the key provider, which a [MeshFixture] has.
    int keyProviderPort();

    /// A channel to a service, by its name on the bus.
    Channel channel(String busName);

    @Override
    void close();

    /// The mesh that `realmesh up` and the demo start.
    static RunningMesh embedded(EmbeddedMeshConfig config) {
        EmbeddedMesh mesh = EmbeddedMesh.start(config, InstantSource.system());
        return new RunningMesh() {
            @Override
            public int edgePort() {
                return mesh.edgePort();
            }

            @Override
            public int registryPort() {
                return mesh.registryPort();
            }

            @Override
            public int keyProviderPort() {
                return mesh.keyProviderPort().orElseThrow();
            }

            @Override
            public Channel channel(String busName) {
                return mesh.channel(busName);
            }

            @Override
            public void close() {
                mesh.close();
            }
        };
    }
}
