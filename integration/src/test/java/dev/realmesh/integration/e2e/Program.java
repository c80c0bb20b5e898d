// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A program that this machine may have.
///
/// @param name on the PATH
/// @param folder it works in
record Program(String name, Path folder) {
    /// Skips the test on machines without it.
    void assumeInstalled() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, name))),
                name + " is not installed");
    }

    /// Runs it, which must succeed.
    ///
    /// @return all that it wrote
    String call(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments).succeeded();
    }

    /// Runs it.
    ///
    /// @param environment added to this process's own
    /// @return all that it wrote, as if it were standard output and standard error
    Outcome run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(name));
        words.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output, output);
    }
}
