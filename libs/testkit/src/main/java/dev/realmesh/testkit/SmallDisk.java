// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A file system in memory with little room, for what happens where a disk is full. It is mounted by mount(8), as only
/// root may.
public final class SmallDisk implements AutoCloseable {
    private static final int MAX_FILES = 100;

    private final Path folder;
    private final Path ballast;
    private final Path many;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.ballast = folder.resolve("ballast");
        this.many = folder.resolve("many");
    }

    /// Mounts one.
    ///
    /// @param folder where; made here
    /// @param bytes that it holds, in whole pages
    /// @return empty where this process may not
    public static Optional<SmallDisk> mount(Path folder, long bytes) throws IOException, InterruptedException {
        Files.createDirectory(folder);
        boolean mounted = call(
                "mount", "-t", "tmpfs", "-o", "nr_inodes=" + MAX_FILES + ",size=" + bytes, "tmpfs", folder.toString());
        return mounted ? Optional.of(new SmallDisk(folder)) : Optional.empty();
    }

    /// Where it is mounted.
    public Path folder() {
        return folder;
    }

    /// Takes all room but some.
    ///
    /// @param bytes that stay free, in whole pages
    public void fillBut(long bytes) throws IOException {
        byte[] page = new byte[4096];
        try (OutputStream file = Files.newOutputStream(ballast)) {
            while (Files.getFileStore(folder).getUsableSpace() > bytes) {
                file.write(page);
            }
        }
    }

    /// Takes all files but some; there are no more than 100.
    ///
    /// @param files how many can still be made
    public void fillFiles(int files) throws IOException {
        Files.createDirectory(many);
        List<Path> made = new ArrayList<>();
        try {
            while (made.size() < MAX_FILES) {
                made.add(Files.createFile(many.resolve("file-" + made.size())));
            }
        } catch (FileSystemException full) {
            for (Path file : made.subList(made.size() - files, made.size())) {
                Files.delete(file);
            }
        }
    }

    /// Gives the room back.
    public void empty() throws IOException {
        Files.deleteIfExists(ballast);
        if (Files.exists(many)) {
            try (Stream<Path> files = Files.list(many)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(many);
        }
    }

    @Override
    public void close() {
        try {
            if (!call("umount", folder.toString())) {
                throw new IOException(folder + ": in use (expected: nothing open in it)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static boolean call(String... words) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(words)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean done = process.waitFor() == 0;
        if (!done) {
            System.err.println(String.join(" ", words) + ": " + output.strip());
        }
        return done;
    }
}
