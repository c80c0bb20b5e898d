// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import dev.realmesh.mesh.MeshNode;
import java.time.InstantSource;

/// The service on a node of the mesh, under [AttestationService#BUS_NAME]. Wiring only. The node stays its owner's, who
/// opens the edge with [AttestationService#edgeServices].
public final class AttestationNode implements AutoCloseable {
    private final AttestationService service;
    private final MeshNode.Serving serving;

    private AttestationNode(AttestationService service, MeshNode.Serving serving) {
        this.service = service;
        this.serving = serving;
    }

    /// Opens the service and serves it; returns once others can find it.
    public static AttestationNode start(MeshNode node, AttestationServiceConfig config, InstantSource clock) {
        AttestationService service = AttestationService.open(config, clock);
        try {
            return new AttestationNode(service, node.serve(AttestationService.BUS_NAME, service.busServices()));
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    /// The service.
    public AttestationService service() {
        return service;
    }

    /// Ends what is served, calls in flight first, then closes the service.
    @Override
    public void close() {
        serving.close();
        service.close();
    }
}
