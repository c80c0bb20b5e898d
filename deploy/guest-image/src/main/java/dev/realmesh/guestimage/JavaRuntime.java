// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The guest's Java: linked from the JDK of the build with the modules that realm-node uses, nothing for people, and a
/// class-data archive, without which each start is slower.
final class JavaRuntime {
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.xml",
            "jdk.management",
            "jdk.unsupported");

    private JavaRuntime() {}

    /// Links a run-time into `folder`, which must not exist.
    ///
    /// @throws BuildException if `javaHome` is no JDK, or the link fails
    static Path link(Path javaHome, Path folder) {
        Path jlink = javaHome.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new BuildException(javaHome + ": has no bin/jlink (expected: a JDK 25)");
        }
        Command.run(List.of(
                jlink.toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--generate-cds-archive",
                "--output",
                folder.toString()));
        dropUnusedArchive(folder);
        return folder;
    }

    /// The second archive is for heaps above 32 GiB; a Realm has none.
    private static void dropUnusedArchive(Path runtime) {
        try {
            Files.deleteIfExists(runtime.resolve("lib/server/classes_nocoops.jsa"));
        } catch (IOException e) {
            throw new UncheckedIOException(runtime + ": cannot be trimmed", e);
        }
    }
}
