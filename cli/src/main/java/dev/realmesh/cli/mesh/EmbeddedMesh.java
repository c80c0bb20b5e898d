// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.host.Host;
import dev.realmesh.image.ImageService;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.KeyBrokerConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.edge.Edge;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/// The mesh in one process: the services on one event bus, one edge for all of them, and the registry.
///
/// The machine's user is here both the images' owner and the host's operator, so initdata lets the host choose command
/// and
/// environment of a container; images must be encrypted all the same.
public final class EmbeddedMesh implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final MeshNode node;
    private final Edge edge;
    private final ImageService images;

    private EmbeddedMesh(EmbeddedMeshConfig config, InstantSource clock) {
        try {
            node = opened(MeshNode.start(MeshConfig.local()));
            Host host = opened(Host.open(
                    config.host(), node.channel(KeyBroker.BUS_NAME), node.channel(ImageService.BUS_NAME), clock));
            AttestationService attestation = opened(AttestationService.open(attestation(config), clock));
            KeyBroker keyBroker =
                    opened(KeyBroker.open(keyBroker(config), node.channel(AttestationService.BUS_NAME), clock));
            Files.write(config.initdata(), initdata(keyBroker).toInitdata().toBytes());
            images = opened(ImageService.open(config.images(), clock));

            opened(node.serve(AttestationService.BUS_NAME, attestation.busServices()));
            opened(node.serve(KeyBroker.BUS_NAME, keyBroker.busServices()));
            opened(node.serve(ImageService.BUS_NAME, images.busServices()));
            opened(node.serve(Host.BUS_NAME, host.busServices()));
            List<BindableService> all = new ArrayList<>(host.edgeServices());
            all.addAll(attestation.edgeServices());
            all.addAll(keyBroker.edgeServices());
            all.addAll(images.edgeServices());
            edge = node.openEdge(config.edge(), all);
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

    /// Port of the registry (OCI distribution API).
    public int registryPort() {
        return images.registryPort();
    }

    /// Ends the Realms, drains and closes everything, last opened first.
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("realmesh: while stopping: " + e.getMessage());
            }
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private static AttestationServiceConfig attestation(EmbeddedMeshConfig config) {
        return AttestationServiceConfig.withDefaults(config.folder(AttestationService.BUS_NAME))
                .withEndorsements(
                        Stream.concat(Stream.of(config.host().stateFolder()), config.host().guestImages().stream())
                                .toList());
    }

    private static KeyBrokerConfig keyBroker(EmbeddedMeshConfig config) {
        Path signer = config.folder(AttestationService.BUS_NAME).resolve(AttestationService.SIGNER_FILE);
        return KeyBrokerConfig.withDefaults(config.folder(KeyBroker.BUS_NAME), List.of(signer));
    }

    private static RealmSettings initdata(KeyBroker keyBroker) {
        return new RealmSettings(keyBroker.identity(), ImagePolicy.ENCRYPTED_ONLY, new AgentPolicy(true, true, false));
    }
}
