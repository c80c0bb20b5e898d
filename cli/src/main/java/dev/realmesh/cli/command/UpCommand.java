// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.cli.mesh.EmbeddedMesh;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.cli.mesh.Home;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `realmesh up`: the mesh in this process, until it is interrupted or terminated.
@Command(name = "up", description = "Start the mesh on this machine, in the foreground.")
public final class UpCommand implements Callable<Integer> {
    private final Caller caller;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "YAML with the sections mesh, edge, host-node, attestation-service, key-broker and image-service; REALMESH_<SECTION>_<KEY> overrides a key.")
    private @Nullable Path file;

    @Option(names = "--json", description = "Print the endpoints as JSON when ready.")
    private boolean json;

    public UpCommand(Caller caller) {
        this.caller = caller;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.ofEnvironment();
        Configuration configuration = file == null
                ? Configuration.parse("", caller.environment())
                : Configuration.load(file, caller.environment());
        home.requireTools();
        Path state = StateFolder.of(caller);
        EmbeddedMeshConfig config = EmbeddedMeshConfig.of(configuration, state, home.guestImage());
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        EmbeddedMesh mesh = EmbeddedMesh.start(config, InstantSource.system());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopping.countDown();
            await(stopped);
        }));
        try (mesh) {
            Endpoints endpoints = endpoints(config, mesh);
            endpoints.publish(state);
            show(endpoints, state);
            stopping.await();
            Endpoints.withdraw(state);
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private static Endpoints endpoints(EmbeddedMeshConfig config, EmbeddedMesh mesh) {
        EdgeConfig edge = config.edge();
        return new Endpoints(
                uri(edge.tls().isPresent(), edge.host(), mesh.edgePort()),
                uri(config.images().registryTls().isPresent(), config.images().registryHost(), mesh.registryPort()),
                config.attestation()
                        .rest()
                        .map(rest -> uri(
                                rest.tls().isPresent(),
                                rest.host(),
                                mesh.restPort().orElseThrow())),
                config.keyBroker()
                        .http()
                        .map(kbs -> uri(
                                kbs.tls().isPresent(),
                                kbs.host(),
                                mesh.kbsPort().orElseThrow())),
                config.keyBroker()
                        .keyProvider()
                        .map(provider -> host(provider.host()) + ":"
                                + mesh.keyProviderPort().orElseThrow()),
                config.mesh()
                        .health()
                        .port()
                        .map(unused -> uri(
                                false,
                                config.mesh().health().host(),
                                mesh.healthPort().orElseThrow())));
    }

    private static URI uri(boolean tls, String listened, int port) {
        return URI.create((tls ? "https://" : "http://") + host(listened) + ":" + port);
    }

    /// A name for the address that is listened on, as clients on this machine use it.
    private static String host(String listened) {
        return switch (listened) {
            case "0.0.0.0", "::" -> "localhost";
            default -> listened.indexOf(':') < 0 ? listened : "[" + listened + "]";
        };
    }

    private void show(Endpoints endpoints, Path state) {
        if (json) {
            caller.out().println(endpoints.toJson());
        } else {
            caller.out()
                    .printf(
                            "ready%n  gRPC edge  %s  (reflection, health)%n  registry   %s%n",
                            endpoints.edge(), endpoints.registry());
            endpoints.kbs().ifPresent(uri -> caller.out().printf("  KBS        %s  (CoCo's protocol)%n", uri));
            endpoints
                    .keyProvider()
                    .ifPresent(address -> caller.out().printf("  keys       %s  (ocicrypt's key provider)%n", address));
            endpoints.veraison().ifPresent(uri -> caller.out().printf("  Veraison   %s  (its REST API)%n", uri));
            endpoints
                    .health()
                    .ifPresent(uri -> caller.out().printf("  health     %s  (/health/ready, /metrics)%n", uri));
            caller.out().printf("  state      %s%n", state);
        }
        caller.out().flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
