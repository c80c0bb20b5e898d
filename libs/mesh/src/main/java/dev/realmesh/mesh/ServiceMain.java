// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process of one service: a node with that service on bus and edge, until it is told to end.
///
/// `--config FILE` names the YAML file, with the sections `mesh`, `edge` and the service's own; the environment
/// overrides
/// it, see [Configuration]. Exit code 1 if the service cannot start, 2 for wrong use.
public final class ServiceMain {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);

    private ServiceMain() {}

    /// Opens a service on a node.
    @FunctionalInterface
    public interface Opening {
        /// Opens the service.
        ///
        /// @param configuration what the service binds its section of
        /// @param node for channels to others
        MeshService open(Configuration configuration, MeshNode node);
    }

    /// Starts the service, and returns; the process ends when it is told to.
    ///
    /// @param busName the service's name on the bus
    public static void run(String busName, String[] args, Opening opening) {
        if (args.length != 2 || !args[0].equals("--config")) {
            System.err.println("usage: --config FILE");
            System.exit(2);
        }
        try {
            start(busName, Configuration.load(Path.of(args[1]), System.getenv()), opening);
        } catch (ConfigException e) {
            System.err.println(busName + ": " + e.getMessage());
            System.exit(2);
        } catch (RuntimeException e) {
            LOG.debug("start failed", e);
            System.err.println(busName + ": cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void start(String busName, Configuration configuration, Opening opening) {
        MeshConfig mesh = configuration.bind("mesh", MeshConfig.class);
        EdgeConfig edge = configuration.bind("edge", EdgeConfig.class);
        MeshNode node = MeshNode.start(mesh);
        MeshService service = opening.open(configuration, node);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            node.close();
                            service.close();
                        },
                        "stop"));
        node.serve(busName, service);
        Edge open = node.openEdge(edge, service.edgeServices());
        LOG.info("{} serves on the bus and on edge port {}", busName, open.port());
    }
}
