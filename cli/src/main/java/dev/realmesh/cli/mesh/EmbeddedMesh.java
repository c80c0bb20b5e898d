// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.host.Host;
import dev.realmesh.image.ImageService;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.MeshService;
import dev.realmesh.mesh.edge.Edge;
import io.grpc.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// The mesh in one process: the services on one event bus, one edge for all of them, and the registry.
///
/// The machine's user is here both the images' owner and the host's operator, so initdata lets the host choose command
/// and
/// environment of a container; images must be encrypted all the same.
public final class EmbeddedMesh implements AutoCloseable {
    private final Openings open = new Openings();
    private final MeshNode node;
    private final Edge edge;
    private final AttestationService attestation;
    private final KeyBroker keyBroker;
    private final ImageService images;

    private EmbeddedMesh(EmbeddedMeshConfig config, InstantSource clock) {
        try {
            node = Openings.await(open.open(() -> MeshNode.start(config.mesh())));
            Future<AttestationService> appraising =
                    open.open(() -> AttestationService.open(attestation(config), clock));
            Future<Host> booting = open.open(() -> openHost(config, node, clock));
            Future<ImageService> storing = open.open(() -> ImageService.open(config.images(), clock));
            attestation = Openings.await(appraising);
            keyBroker = Openings.await(open.open(
                    () -> KeyBroker.open(config.keyBroker(), node.channel(AttestationService.BUS_NAME), clock)));
            Host host = Openings.await(booting);
            attestation.loadEndorsements(config.host().stateFolder());
            Files.write(config.initdata(), initdata(keyBroker).toInitdata().toBytes());
            images = Openings.await(storing);

            serve(AttestationService.BUS_NAME, attestation);
            serve(KeyBroker.BUS_NAME, keyBroker);
            serve(ImageService.BUS_NAME, images);
            serve(Host.BUS_NAME, host);
            edge = node.openEdge(
                    config.edge(),
                    Stream.of(host, attestation, keyBroker, images)
                            .flatMap(service -> service.edgeServices().stream())
                            .toList());
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(config.stateFolder() + ": cannot be written", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Starts the mesh; it serves when this returns.
    ///
    /// @throws RuntimeException if a part of it cannot start; the message says which and why, and nothing stays open
    public static EmbeddedMesh start(EmbeddedMeshConfig config, InstantSource clock) {
        return new EmbeddedMesh(config, clock);
    }

    /// A channel to a service of the mesh, by its name on the bus.
    public Channel channel(String busName) {
        return node.channel(busName);
    }

    /// Port of the gRPC edge.
    public int edgePort() {
        return edge.port();
    }

    /// Port of health and metrics, if they are served.
    public OptionalInt healthPort() {
        return node.healthPort();
    }

    /// Port of the registry (OCI distribution API).
    public int registryPort() {
        return images.registryPort();
    }

    /// Port of Veraison's REST API, if it is served.
    public OptionalInt restPort() {
        return attestation.restPort();
    }

    /// Port of the KBS protocol over HTTP, if it is served.
    public OptionalInt kbsPort() {
        return keyBroker.httpPort();
    }

    /// Port of the key provider (ocicrypt), if it is served.
    public OptionalInt keyProviderPort() {
        return keyBroker.keyProviderPort();
    }

    /// Ends the Realms, drains and closes everything, last opened first.
    @Override
    public void close() {
        open.close();
    }

    private void serve(String busName, MeshService service) {
        Openings.await(open.open(() -> node.serve(busName, service)));
    }

    private static Host openHost(EmbeddedMeshConfig config, MeshNode node, InstantSource clock) {
        return Host.open(config.host(), node.channel(KeyBroker.BUS_NAME), node.channel(ImageService.BUS_NAME), clock);
    }

    private static AttestationServiceConfig attestation(EmbeddedMeshConfig config) {
        List<Path> folders = Stream.of(
                        config.host().endorsementFolders(), config.attestation().endorsementFolders())
                .flatMap(List::stream)
                .toList();
        return config.attestation().withEndorsements(folders);
    }

    private static RealmSettings initdata(KeyBroker keyBroker) {
        return new RealmSettings(
                keyBroker.identity(),
                ImagePolicy.ENCRYPTED_ONLY,
                AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT, Permission.SECRET_FILES));
    }
}
