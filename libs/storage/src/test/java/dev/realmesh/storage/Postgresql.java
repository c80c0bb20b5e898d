// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real PostgreSQL, of Debian's packages, on a free port of loopback, with its data in a temporary folder. Where none
/// is installed, the test is skipped.
public final class Postgresql implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final String USER = "realmesh";
    private static final String PASSWORD = "of-a-test";
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private static Optional<Postgresql> shared = Optional.empty();

    private final Path programs;
    private final Path folder;
    private final int port;
    private int databases;

    private Postgresql(Path programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    /// An empty database on the server that the tests of this process share.
    public static synchronized PostgresqlConfig freshDatabase() {
        if (shared.isEmpty()) {
            Postgresql server = start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            shared = Optional.of(server);
        }
        return shared.get().newDatabase();
    }

    /// A server of one's own.
    public static Postgresql start() {
        Optional<Path> programs = installed();
        assumeTrue(programs.isPresent(), "PostgreSQL is not installed (Debian: apt-get install postgresql)");
        try {
            Path folder = Files.createTempDirectory("realmesh-postgresql");
            Files.writeString(folder.resolve("password"), PASSWORD);
            if (ROOT) {
                // PostgreSQL refuses to run as root.
                var owner =
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
                Files.setOwner(folder, owner);
                Files.setOwner(folder.resolve("password"), owner);
            }
            Postgresql server = new Postgresql(programs.orElseThrow(), folder, freePort());
            server.run("initdb", "-N", "-A", "scram-sha-256", "-U", USER, "--pwfile=" + folder.resolve("password"));
            server.up();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An empty database.
    public synchronized PostgresqlConfig newDatabase() {
        String name = "test" + ++databases;
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, PASSWORD);
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new PostgresqlConfig(url(name), USER, folder.resolve("password"), 8);
    }

    /// Starts it, after [#down()].
    public void up() {
        run("pg_ctl", "start", "-w", "-l", folder.resolve("log").toString(), "-o", options());
    }

    /// Ends it as a crash does.
    public void down() {
        run("pg_ctl", "stop", "-m", "immediate");
    }

    @Override
    public void close() {
        down();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String options() {
        return "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200";
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.add("-D");
        command.add(folder.resolve("data").toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(program + ": " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(program, e);
        }
    }

    private static Optional<Path> installed() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
