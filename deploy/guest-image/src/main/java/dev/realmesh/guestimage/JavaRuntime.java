// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The guest's Java: linked from the JDK of the build with the modules that realm-node uses, and nothing for people.
/// Its
/// class archive is made later, with the classes of realm-node; see [ClassArchive].
final class JavaRuntime {
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.xml",
            "jdk.httpserver",
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
                "--output",
                folder.toString()));
        return folder;
    }
}
