// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.host.HostConfig;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.KeyBrokerConfig;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What an embedded mesh is made with.
///
/// @param stateFolder folder of all state, a folder a service
/// @param edge where the gRPC edge listens
/// @param host the host
/// @param attestation the attestation service
/// @param images the image service
public record EmbeddedMeshConfig(
        Path stateFolder,
        EdgeConfig edge,
        HostConfig host,
        AttestationServiceConfig attestation,
        KeyBrokerConfig keyBroker,
        ImageServiceConfig images) {
    private static final String INITDATA = "initdata.toml";
    private static final int REST_PORT = 8443;
    private static final int KBS_PORT = 8080;

    /// A mesh on free ports of loopback that gives out no images but its own, without Veraison's REST API.
    ///
    /// @param guestImage folder of the guest image
    public static EmbeddedMeshConfig ephemeral(Path stateFolder, Path guestImage) {
        HostConfig host = HostConfig.withDefaults(stateFolder.resolve("host-node"), guestImage)
                .withInitdata(stateFolder.resolve(INITDATA));
        return new EmbeddedMeshConfig(
                stateFolder,
                EdgeConfig.loopback(0),
                host,
                AttestationServiceConfig.withDefaults(stateFolder.resolve(AttestationService.BUS_NAME)),
                KeyBrokerConfig.withDefaults(stateFolder.resolve(KeyBroker.BUS_NAME), List.of(signer(stateFolder)))
                        .withVerifierAdminToken(verifierAdminToken(stateFolder)),
                ImageServiceConfig.local(stateFolder.resolve("image-service")));
    }

    /// The configured mesh; folders that the configuration does not name are under the state folder. Veraison's REST
    /// API and the KBS protocol over HTTP are served unless `attestation-service.rest` or `key-broker.http` is there
    /// and
    /// empty.
    ///
    /// @param guestImage folder of the guest image, unless configured
    /// @throws dev.realmesh.mesh.config.ConfigException naming each mistake
    public static EmbeddedMeshConfig of(Configuration configuration, Path stateFolder, Path guestImage) {
        Configuration complete = configuration.withDefaults(Map.of(
                "host-node.state-folder", stateFolder.resolve("host-node").toString(),
                "host-node.guest-image", guestImage.toString(),
                "host-node.initdata", stateFolder.resolve(INITDATA).toString(),
                "attestation-service.state-folder",
                        stateFolder.resolve(AttestationService.BUS_NAME).toString(),
                "attestation-service.rest.port", Integer.toString(REST_PORT),
                "key-broker.state-folder",
                        stateFolder.resolve(KeyBroker.BUS_NAME).toString(),
                "key-broker.ear-signer-keys", signer(stateFolder).toString(),
                "key-broker.http.port", Integer.toString(KBS_PORT),
                "key-broker.verifier-admin-token-file",
                        verifierAdminToken(stateFolder).toString(),
                "image-service.store", stateFolder.resolve("image-service").toString()));
        return new EmbeddedMeshConfig(
                stateFolder,
                complete.bind("edge", EdgeConfig.class),
                complete.bind("host-node", HostConfig.class),
                complete.bind("attestation-service", AttestationServiceConfig.class),
                complete.bind("key-broker", KeyBrokerConfig.class),
                complete.bind("image-service", ImageServiceConfig.class));
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
