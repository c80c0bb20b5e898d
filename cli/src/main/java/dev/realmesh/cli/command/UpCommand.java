// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.cli.mesh.EmbeddedMesh;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.cli.mesh.Home;
import dev.realmesh.mesh.config.Configuration;
import java.io.IOException;
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
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "YAML with the sections edge, host-node and image-service; REALMESH_<SECTION>_<KEY> overrides a key.")
    private @Nullable Path file;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.ofEnvironment();
        home.requireTools();
        Configuration configuration =
                file == null ? Configuration.parse("", System.getenv()) : Configuration.load(file, System.getenv());
        EmbeddedMeshConfig config = EmbeddedMeshConfig.of(configuration, StateFolder.path(), home.guestImage());
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        EmbeddedMesh mesh = EmbeddedMesh.start(config, InstantSource.system());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopping.countDown();
            await(stopped);
        }));
        try (mesh) {
            System.out.printf(
                    "ready%n  gRPC edge  http://127.0.0.1:%d  (reflection, health)%n  registry   http://127.0.0.1:%d%n"
                            + "  state      %s%n",
                    mesh.edgePort(), mesh.registryPort(), config.stateFolder());
            System.out.flush();
            stopping.await();
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
