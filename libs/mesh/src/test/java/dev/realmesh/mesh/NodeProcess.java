// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A node in a process of its own, which serves until it is killed.
final class NodeProcess {
    private NodeProcess() {}

    /// Starts one that serves `name`, answering as `process`; returns once it does.
    static Process start(int port, String name) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeProcess.class.getName(),
                        Integer.toString(port),
                        name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!"serves".equals(process.inputReader().readLine())) {
            process.destroyForcibly();
            throw new IllegalStateException("process: does not serve");
        }
        return process;
    }

    public static void main(String[] arguments) throws InterruptedException {
        MeshNode node = MeshNode.start(BalancingTest.member(Integer.parseInt(arguments[0])));
        node.serve(arguments[1], List.of(new Named("process")));
        System.out.println("serves");
        Thread.currentThread().join();
    }
}
