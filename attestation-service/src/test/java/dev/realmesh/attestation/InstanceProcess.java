// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import dev.realmesh.attestation.storage.PostgresqlConfig;
import dev.realmesh.mesh.MeshNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// An instance of the service in a process of its own, which serves until it is killed.
final class InstanceProcess {
    private InstanceProcess() {}

    /// Starts one; returns once it serves.
    static Process start(int port, Path state, Path endorsements, PostgresqlConfig database) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InstanceProcess.class.getName(),
                        Integer.toString(port),
                        state.toString(),
                        endorsements.toString(),
                        database.url(),
                        database.user(),
                        database.passwordFile().toString())
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
        MeshNode node = MeshNode.start(TwoInstancesTest.member(Integer.parseInt(arguments[0])));
        PostgresqlConfig database = new PostgresqlConfig(arguments[3], arguments[4], Path.of(arguments[5]), 8);
        AttestationService service = AttestationService.open(
                ServiceFixture.config(Path.of(arguments[1]), List.of(Path.of(arguments[2])), Optional.of(database)),
                InstantSource.system());
        node.serve(AttestationService.BUS_NAME, service.busServices());
        System.out.println("serves");
        Thread.currentThread().join();
    }
}
