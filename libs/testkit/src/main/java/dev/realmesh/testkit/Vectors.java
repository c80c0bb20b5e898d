// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Recorded data of real peers, with its expected outcomes; `README.md` beside each set says where it came from.
/// The folder is the one that `-Drealmesh.vectors=DIR` names, else the project's own copy.
public final class Vectors {
    private static final Path ROOT = root();

    private Vectors() {}

    /// A file or folder of the vectors, such as `rmm/rem.json`.
    ///
    /// @throws IllegalArgumentException if it is not there
    public static Path path(String name) {
        Path path = ROOT.resolve(name);
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("vector " + name + ": not in " + ROOT);
        }
        return path;
    }

    /// The bytes of a file of the vectors.
    public static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The UTF-8 text of a file of the vectors.
    public static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static Path root() {
        Path project = Path.of(System.getProperty("realmesh.root", "."));
        String named = System.getProperty("realmesh.vectors", "");
        return named.isEmpty() ? project.resolve("libs/testkit/vectors") : project.resolve(named);
    }
}
