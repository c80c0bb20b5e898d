// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// Programs that do the same as we, and how both are timed.
final class Peer {
    private static final int RUNS = 7;

    private Peer() {}

    /// Whether a program is on the PATH.
    static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /// Runs a program, which must succeed.
    static int call(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).inheritIO().start();
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException(String.join(" ", words) + ": exit code " + exitCode + " (expected: 0)");
        }
        return exitCode;
    }

    /// Seconds of the middle one of some runs; those before it warm up.
    static double median(Callable<?> run) throws Exception {
        double[] seconds = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            Object unused = run.call();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[RUNS / 2];
    }

    /// A key as programs read it.
    ///
    /// @param what `PUBLIC KEY` or `PRIVATE KEY`
    static String pem(String what, Key key) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(key.getEncoded());
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }
}
