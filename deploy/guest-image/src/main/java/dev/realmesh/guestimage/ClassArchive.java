// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The classes of a guest as its Java run-time holds them in memory, parsed and verified (JDK class data sharing): a
/// Realm starts with half the work, and in less memory. The same inputs give the same archive, which those of an AOT
/// cache (JEP 514) do not; it is made from a list of names for that, by the guest's own run-time in the guest's own
/// root
/// folder, because the archive holds paths and times.
final class ClassArchive {
    private static final String CLASSES = "classes.list";
    private static final String ARCHIVE = "classes.jsa";
    private static final List<String> BWRAP = List.of(
            "bwrap",
            "--unshare-user",
            "--uid",
            "0",
            "--gid",
            "0",
            "--die-with-parent",
            "--proc",
            "/proc",
            "--dev",
            "/dev");

    private ClassArchive() {}

    /// Makes the archive.
    ///
    /// @param guest what the guest has, but for the archive
    /// @param java the command that starts the guest's Java: the program, and options that the archive depends on
    /// @param libraries the folder of Java's libraries in the guest; without `/proc` it is not found by itself
    /// @param classPath the guest's class path
    /// @param scratch a folder for intermediate files
    /// @throws BuildException if it cannot be made
    static Path make(RootTree guest, List<String> java, String libraries, String classPath, Path scratch) {
        try {
            Path root = Files.createDirectory(scratch.resolve("root"));
            guest.layOut(root);
            Path exchange = root.resolve("tmp");
            writeClasses(exchange.resolve(CLASSES));

            List<String> words = new ArrayList<>(inside(root));
            words.addAll(java);
            words.addAll(List.of("-Xshare:dump", "-Xlog:disable", "-XX:SharedClassListFile=/tmp/" + CLASSES));
            words.addAll(List.of("-XX:SharedArchiveFile=/tmp/" + ARCHIVE, "-cp", classPath));
            Command.run(words, Map.of("LD_LIBRARY_PATH", libraries));
            return exchange.resolve(ARCHIVE);
        } catch (IOException e) {
            throw new UncheckedIOException(scratch + ": class archive cannot be made", e);
        }
    }

    /// How a program is run that sees `root` as the root folder: root can do it anywhere, also where an image is built
    /// and there are no namespaces; others need bubblewrap.
    private static List<String> inside(Path root) {
        if (System.getProperty("user.name").equals("root")) {
            return List.of("chroot", root.toString());
        }
        List<String> words = new ArrayList<>(BWRAP);
        words.addAll(1, List.of("--bind", root.toString(), "/"));
        return words;
    }

    private static void writeClasses(Path file) throws IOException {
        try (InputStream list = ClassArchive.class.getResourceAsStream(CLASSES)) {
            if (list == null) {
                throw new IllegalStateException(CLASSES + ": not among the resources");
            }
            Files.copy(list, file);
        }
    }
}
