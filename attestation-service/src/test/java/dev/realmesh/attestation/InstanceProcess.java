// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import dev.realmesh.mesh.MeshNode;
import dev.realmesh.storage.PostgresqlConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An instance of the service in a process of its own, which serves until it is killed.
final class InstanceProcess {
    private InstanceProcess() {}

    /// Starts one; returns once it serves.
    ///
    /// @param database what it stores in; empty: SQLite in `state`
    static Process start(int port, Path state, Path endorsements, Optional<PostgresqlConfig> database)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(
                InstanceProcess.class.getName(), Integer.toString(port), state.toString(), endorsements.toString()));
        database.ifPresent(config -> command.addAll(
                List.of(config.url(), config.user(), config.passwordFile().toString())));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = process.inputReader().readLine();
        while (line != null && !line.equals("serves")) {
            line = process.inputReader().readLine();
        }
        if (line == null) {
            throw new IllegalStateException("process: does not serve");
        }
        return process;
    }

    public static void main(String[] arguments) throws InterruptedException {
        MeshNode node = MeshNode.start(KilledInstanceTest.member(Integer.parseInt(arguments[0])));
        Optional<PostgresqlConfig> database = arguments.length == 3
                ? Optional.empty()
                : Optional.of(new PostgresqlConfig(arguments[3], arguments[4], Path.of(arguments[5]), 8));
        AttestationService service = AttestationService.open(
                ServiceFixture.config(Path.of(arguments[1]), List.of(Path.of(arguments[2])), database),
                InstantSource.system());
        node.serve(AttestationService.BUS_NAME, service.busServices());
        System.out.println("serves");
        Thread.currentThread().join();
    }
}
