// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import java.util.List;

/// A node of the mesh: it serves gRPC services under names on the event bus, and calls those of others.
@SuppressWarnings("DoNotCallSuggester")
public final class MeshNode implements AutoCloseable {
    private final MeshConfig config;

    private MeshNode(MeshConfig config) {
        this.config = config;
    }

    /// Starts a node; blocks until it is a member of its cluster.
    public static MeshNode start(MeshConfig config) {
        return new MeshNode(config);
    }

    /// A channel to the instances that serve `busName`, such as `key-broker` or `realm-agent@<realm id>`.
    /// It may be made before any instance is up. The node closes what is still open when it closes.
    public ManagedChannel channel(String busName) {
        throw new UnsupportedOperationException("channel to " + busName);
    }

    /// Serves `services` under `busName`, together with gRPC health; returns once others can find them.
    /// Handlers run on a virtual thread each and may block.
    public Serving serve(String busName, List<BindableService> services) {
        throw new UnsupportedOperationException(busName + " with " + services.size() + " services");
    }

    /// Opens an HTTP/2 edge with `services`, server reflection (v1, v1alpha) and health.
    public Edge openEdge(EdgeConfig edge, List<BindableService> services) {
        throw new UnsupportedOperationException("edge on " + edge.port() + " with " + services.size() + " services");
    }

    /// Drains and leaves: not serving, unregistered, calls in flight ended or waited for as `drain` says, then
    /// out of the cluster.
    @Override
    public void close() {}

    /// The configuration that it was started with.
    public MeshConfig config() {
        return config;
    }

    /// Services on the bus under one name; closing drains them and leaves the rest of the node alone.
    public interface Serving extends AutoCloseable {
        @Override
        void close();
    }
}
