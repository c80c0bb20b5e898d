// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.image.ImageService;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.KeyBrokerConfig;
import dev.realmesh.keybroker.http.HttpConfig;
import dev.realmesh.mesh.HealthConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import io.grpc.BindableService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A mesh with a host that does as the test says, and the real other services, where `realmesh up` has them: state in
/// one folder, one edge, one registry.
final class TestMesh implements AutoCloseable {
    private static final InstantSource CLOCK = InstantSource.system();

    /// Nothing here is worth waiting for at the end.
    private static final Duration DRAIN = Duration.ofMillis(100);

    final ScriptedHost host = new ScriptedHost();
    private final Path state;
    private final MeshNode node;
    private final AttestationService attestation;
    private final KeyBroker keyBroker;
    private final ImageService images;
    private final Edge edge;

    TestMesh(Path state) {
        this.state = state;
        node = MeshNode.start(new MeshConfig(Optional.empty(), HealthConfig.none(), DRAIN, 4 << 20));
        Path results = state.resolve(AttestationService.BUS_NAME);
        attestation = AttestationService.open(AttestationServiceConfig.withDefaults(results), CLOCK);
        node.serve(AttestationService.BUS_NAME, attestation);
        keyBroker = KeyBroker.open(
                KeyBrokerConfig.withDefaults(
                                state.resolve(KeyBroker.BUS_NAME),
                                List.of(results.resolve(AttestationService.SIGNER_FILE)))
                        .withHttp(HttpConfig.loopback(0))
                        .withVerifierAdminToken(adminToken(AttestationService.BUS_NAME)),
                node.channel(AttestationService.BUS_NAME),
                CLOCK);
        images = ImageService.open(ImageServiceConfig.local(state.resolve(ImageService.BUS_NAME)), CLOCK);
        List<BindableService> all = new ArrayList<>(List.of(host));
        all.addAll(attestation.edgeServices());
        all.addAll(keyBroker.edgeServices());
        edge = node.openEdge(EdgeConfig.loopback(0), all);
    }

    /// Calls the command line as a person on the mesh's machine does.
    Outcome realmesh(String... arguments) {
        return Outcome.of(environment(), arguments);
    }

    Outcome realmesh(byte[] in, String... arguments) {
        return Outcome.of(environment(), in, arguments);
    }

    Map<String, String> environment() {
        return Map.of("REALMESH_ENDPOINT", endpoint(), "REALMESH_STATE", state.toString());
    }

    String endpoint() {
        return "http://127.0.0.1:" + edge.port();
    }

    /// Base URL of the KBS protocol over HTTP.
    String kbs() {
        return "http://127.0.0.1:" + keyBroker.httpPort().orElseThrow();
    }

    String registry() {
        return "127.0.0.1:" + images.registryPort();
    }

    Path adminToken(String service) {
        return state.resolve(service).resolve("admin.token");
    }

    @Override
    public void close() {
        node.close();
        images.close();
        keyBroker.close();
        attestation.close();
    }
}
