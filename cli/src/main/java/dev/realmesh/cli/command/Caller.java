// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Who runs a command: where it reads and writes, and what the environment says.
///
/// @param in standard input
/// @param out standard output; carries a container's bytes, so it is not text alone
/// @param err standard error
/// @param environment the environment's variables
public record Caller(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    public Caller {
        environment = Map.copyOf(environment);
    }

    /// Who started this process.
    public static Caller ofProcess() {
        return new Caller(System.in, System.out, System.err, System.getenv());
    }

    /// What a file holds; `-` is standard input. One byte over `most` is read at the most, which tells that it is
    /// longer.
    byte[] read(Path file, int most) throws IOException {
        try (InputStream source = file.toString().equals("-") ? in : Files.newInputStream(file)) {
            return source.readNBytes(most + 1);
        }
    }

    /// A variable of the environment; empty if it is not set, or blank.
    public String variable(String name) {
        return environment.getOrDefault(name, "").strip();
    }

    /// The file or folder that a variable names, if it is set.
    Optional<Path> path(String variable) {
        return Optional.of(variable(variable)).filter(name -> !name.isEmpty()).map(Path::of);
    }
}
