// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.host.HostConfig;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.KeyBrokerConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What an embedded mesh is made with.
///
/// @param stateFolder folder of all state, a folder a service
/// @param mesh the node: health and metrics, how it drains; in no cluster
/// @param edge where the gRPC edge listens
/// @param host the host
/// @param attestation the attestation service
/// @param images the image service
public record EmbeddedMeshConfig(
        Path stateFolder,
        MeshConfig mesh,
        EdgeConfig edge,
        HostConfig host,
        AttestationServiceConfig attestation,
        KeyBrokerConfig keyBroker,
        ImageServiceConfig images) {
    private static final String INITDATA = "initdata.toml";
    private static final int REST_PORT = 8443;
    private static final int HEALTH_PORT = 7490;
    private static final int KBS_PORT = 8080;
    private static final int KEY_PROVIDER_PORT = 50000;

    /// A mesh on free ports of loopback that gives out no images but its own, without Veraison's REST API.
    ///
    /// @param guestImage folder of the guest image
    public static EmbeddedMeshConfig ephemeral(Path stateFolder, Path guestImage) {
        HostConfig host = HostConfig.withDefaults(stateFolder.resolve("host-node"), guestImage)
                .withInitdata(stateFolder.resolve(INITDATA));
        return new EmbeddedMeshConfig(
                stateFolder,
                MeshConfig.local(),
                EdgeConfig.loopback(0),
                host,
                AttestationServiceConfig.withDefaults(stateFolder.resolve(AttestationService.BUS_NAME)),
                KeyBrokerConfig.withDefaults(stateFolder.resolve(KeyBroker.BUS_NAME), List.of(signer(stateFolder)))
                        .withVerifierAdminToken(verifierAdminToken(stateFolder)),
                ImageServiceConfig.local(stateFolder.resolve("image-service")));
    }

    /// The same with another image-service.
    public EmbeddedMeshConfig with(ImageServiceConfig other) {
        return new EmbeddedMeshConfig(stateFolder, mesh, edge, host, attestation, keyBroker, other);
    }

    /// The configured mesh; folders that the configuration does not name are under the state folder. Veraison's REST
    /// API and the KBS protocol over HTTP are served unless `attestation-service.rest` or `key-broker.http` is there
    /// and
    /// empty.
    ///
    /// @param guestImage folder of the guest image, unless configured
    /// @throws dev.realmesh.mesh.config.ConfigException naming each mistake
    public static EmbeddedMeshConfig of(Configuration configuration, Path stateFolder, Path guestImage) {
        Configuration complete = configuration.withDefaults(defaults(stateFolder, guestImage));
        return new EmbeddedMeshConfig(
                stateFolder,
                alone(complete.bind("mesh", MeshConfig.class)),
                complete.bind("edge", EdgeConfig.class),
                complete.bind("host-node", HostConfig.class),
                complete.bind("attestation-service", AttestationServiceConfig.class),
                complete.bind("key-broker", KeyBrokerConfig.class),
                complete.bind("image-service", ImageServiceConfig.class));
    }

    private static Map<String, String> defaults(Path stateFolder, Path guestImage) {
        return Map.ofEntries(
                Map.entry("mesh.health.port", Integer.toString(HEALTH_PORT)),
                Map.entry(
                        "host-node.state-folder",
                        stateFolder.resolve("host-node").toString()),
                Map.entry("host-node.guest-image", guestImage.toString()),
                Map.entry("host-node.initdata", stateFolder.resolve(INITDATA).toString()),
                Map.entry(
                        "attestation-service.state-folder",
                        stateFolder.resolve(AttestationService.BUS_NAME).toString()),
                Map.entry("attestation-service.rest.port", Integer.toString(REST_PORT)),
                Map.entry(
                        "key-broker.state-folder",
                        stateFolder.resolve(KeyBroker.BUS_NAME).toString()),
                Map.entry("key-broker.ear-signer-keys", signer(stateFolder).toString()),
                Map.entry("key-broker.http.port", Integer.toString(KBS_PORT)),
                Map.entry("key-broker.key-provider.port", Integer.toString(KEY_PROVIDER_PORT)),
                Map.entry(
                        "key-broker.verifier-admin-token-file",
                        verifierAdminToken(stateFolder).toString()),
                Map.entry(
                        "image-service.store",
                        stateFolder.resolve("image-service").toString()));
    }

    private static MeshConfig alone(MeshConfig mesh) {
        if (mesh.cluster().isPresent()) {
            throw new ConfigException(
                    List.of("mesh.cluster: there (expected: none: `realmesh up` has all services in one process)"));
        }
        return mesh;
    }

    private static Path signer(Path stateFolder) {
        return stateFolder.resolve(AttestationService.BUS_NAME).resolve(AttestationService.SIGNER_FILE);
    }

    private static Path verifierAdminToken(Path stateFolder) {
        return stateFolder.resolve(AttestationService.BUS_NAME).resolve(AttestationService.ADMIN_TOKEN_FILE);
    }

    /// The initdata of Realms that bring none, which the mesh writes at its start.
    public Path initdata() {
        return stateFolder.resolve(INITDATA);
    }
}
