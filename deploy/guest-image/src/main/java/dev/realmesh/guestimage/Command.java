// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A program of the build machine, run to its end.
final class Command {
    private static final int MAX_OUTPUT_SHOWN = 400;

    private Command() {}

    /// Runs a program with English messages and returns what it printed.
    ///
    /// @throws BuildException if it cannot be started or fails
    static String run(List<String> words) {
        return run(words, Map.of());
    }

    /// As [#run], with variables that are added to the environment.
    static String run(List<String> words, Map<String, String> variables) {
        ProcessBuilder program = new ProcessBuilder(words).redirectErrorStream(true);
        program.environment().put("LC_ALL", "C");
        program.environment().putAll(variables);
        try {
            Process process = program.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new BuildException(
                        "%s: exit code %d: %s".formatted(String.join(" ", words), exit, lastOf(output.strip())));
            }
            return output;
        } catch (IOException e) {
            throw new BuildException(words.getFirst() + ": cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildException(words.getFirst() + ": interrupted", e);
        }
    }

    private static String lastOf(String output) {
        return output.substring(Math.max(0, output.length() - MAX_OUTPUT_SHOWN)).replace('\n', ' ');
    }
}
