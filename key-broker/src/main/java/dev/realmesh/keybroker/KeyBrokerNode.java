// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.mesh.MeshNode;
import java.time.InstantSource;

/// A broker on a node of the mesh: asks attestation-service over the bus, and is there under [KeyBroker#BUS_NAME].
/// Wiring
/// only. The node stays its owner's, who opens the edge with [KeyBroker#edgeServices].
public final class KeyBrokerNode implements AutoCloseable {
    private static final String ATTESTATION_SERVICE = "attestation-service";

    private final KeyBroker broker;
    private final MeshNode.Serving serving;

    private KeyBrokerNode(KeyBroker broker, MeshNode.Serving serving) {
        this.broker = broker;
        this.serving = serving;
    }

    /// Opens a broker and serves it; returns once others can find it.
    public static KeyBrokerNode start(MeshNode node, KeyBrokerConfig config, InstantSource clock) {
        KeyBroker broker = KeyBroker.open(config, node.channel(ATTESTATION_SERVICE), clock);
        try {
            return new KeyBrokerNode(broker, node.serve(KeyBroker.BUS_NAME, broker.busServices()));
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /// The broker.
    public KeyBroker broker() {
        return broker;
    }

    /// Ends what is served, calls in flight first, then closes the broker.
    @Override
    public void close() {
        serving.close();
        broker.close();
    }
}
