// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// Programs of the build machine that go into the guest.
final class HostTools {
    private static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

    private HostTools() {}

    /// Where a program is.
    ///
    /// @param packageName the distribution's package that has it
    /// @throws BuildException if it is in none of the usual folders
    static Path find(String program, String packageName) {
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new BuildException(
                        "%s: not on this machine (run deploy/setup.sh, or: apt-get install --no-install-recommends %s)"
                                .formatted(program, packageName)));
    }

    /// The jars that a built module runs with: its own in `target` and its dependencies in `target/lib`, by name.
    ///
    /// @throws BuildException if there is none
    static List<Path> jars(Path target) {
        List<Path> jars = Stream.of(target, target.resolve("lib"))
                .filter(Files::isDirectory)
                .flatMap(HostTools::jarsIn)
                .toList();
        if (jars.isEmpty()) {
            throw new BuildException(target + ": no jar there (run ./mvnw package first)");
        }
        return jars;
    }

    private static Stream<Path> jarsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".jar")
                            && !file.toString().endsWith("-sources.jar")
                            && !file.toString().endsWith("-tests.jar"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read", e);
        }
    }

    /// Whether a jar has an entry of this name.
    static boolean jarHas(Path jar, String entry) {
        try (JarFile archive = new JarFile(jar.toFile())) {
            return archive.getEntry(entry) != null;
        } catch (IOException e) {
            throw new UncheckedIOException(jar + ": cannot be read", e);
        }
    }
}
