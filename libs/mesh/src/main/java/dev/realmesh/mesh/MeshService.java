// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import io.grpc.BindableService;
import java.util.List;

/// A service of the mesh that is open: what it offers, and how it ends. It knows nothing of the node that serves it.
public interface MeshService extends AutoCloseable {
    /// What is served on the bus, under the service's bus name.
    List<BindableService> busServices();

    /// What is served on the edge: for people and tools outside the mesh.
    List<BindableService> edgeServices();

    @Override
    void close();
}
