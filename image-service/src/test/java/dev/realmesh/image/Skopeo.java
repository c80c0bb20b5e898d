// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// The real skopeo, if this machine has it.
public final class Skopeo {
    private Skopeo() {}

    /// Skips the test on machines without it.
    public static void assumeInstalled() {
        boolean installed = false;
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            installed |= Files.isExecutable(Path.of(folder, "skopeo"));
        }
        Assumptions.assumeTrue(installed, "skopeo is not installed (Debian: apt-get install skopeo)");
    }

    /// Runs `skopeo copy`, which must succeed.
    public static void copy(String... arguments) throws IOException, InterruptedException {
        assertThat(run(arguments))
                .as("exit code of skopeo copy %s", List.of(arguments))
                .isZero();
    }

    /// Runs `skopeo copy`.
    ///
    /// @return its exit code
    public static int run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "--quiet"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("skopeo: still running after 60 s");
        }
        return process.exitValue();
    }
}
