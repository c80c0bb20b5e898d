// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The guest's root folder as it will be: what lies at which path, whatever it is made of here. Sorted by path, so a
/// folder comes before what is in it.
final class RootTree {
    private static final int EXECUTABLE = 0111;
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_FILE = 0100000;

    private final NavigableMap<String, Entry> entries = new TreeMap<>();

    /// What lies at a path.
    sealed interface Entry {
        /// File type and permissions, as in `st_mode`. They never depend on the build machine's umask.
        int mode();

        /// Whether it is a regular file.
        default boolean isFile() {
            return (mode() & TYPE_MASK) == TYPE_FILE;
        }

        /// Length of the content.
        long size() throws IOException;

        /// Writes the content.
        void writeTo(OutputStream out) throws IOException;
    }

    /// A folder.
    private record Folder(int permissions) implements Entry {
        @Override
        public int mode() {
            return 0040000 | permissions;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void writeTo(OutputStream out) {}
    }

    /// A copy of a file of the build machine.
    private record CopiedFile(Path source, boolean executable) implements Entry {
        @Override
        public int mode() {
            return 0100644 | (executable ? EXECUTABLE : 0);
        }

        @Override
        public long size() throws IOException {
            return Files.size(source);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            Files.copy(source, out);
        }
    }

    /// A small file, or the target of a symbolic link, that is made here.
    private record Text(int mode, String content) implements Entry {
        @Override
        public long size() {
            return bytes().length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes());
        }

        private byte[] bytes() {
            return content.getBytes(StandardCharsets.UTF_8);
        }
    }

    /// All entries, by path without a leading slash.
    NavigableMap<String, Entry> entries() {
        return Collections.unmodifiableNavigableMap(entries);
    }

    RootTree folder(String path, int permissions) {
        return put(path, new Folder(permissions));
    }

    RootTree text(String path, String content) {
        return put(path, new Text(0100644, content));
    }

    RootTree link(String path, String target) {
        return put(path, new Text(0120777, target));
    }

    /// Copies a file, following links; executable if it is.
    RootTree file(String path, Path source) {
        return put(path, new CopiedFile(source, Files.isExecutable(source)));
    }

    /// Copies all that is below a folder.
    RootTree copyOf(String path, Path source) {
        folder(path, 0755);
        try (Stream<Path> children = Files.list(source)) {
            for (Path child : children.sorted().toList()) {
                String name = path + "/" + child.getFileName();
                if (Files.isSymbolicLink(child)) {
                    link(name, Files.readSymbolicLink(child).toString());
                } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    copyOf(name, child);
                } else {
                    file(name, child);
                }
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(source + ": cannot be read", e);
        }
    }

    /// Lays the tree out below `root`, an empty folder, as a guest finds it; owned by this user.
    void layOut(Path root) throws IOException {
        for (Map.Entry<String, Entry> each : entries.entrySet()) {
            Path target = root.resolve(each.getKey());
            Entry entry = each.getValue();
            if (entry instanceof Folder) {
                Files.createDirectory(target);
            } else if (entry.isFile()) {
                try (OutputStream file = Files.newOutputStream(target)) {
                    entry.writeTo(file);
                }
                Files.setPosixFilePermissions(
                        target,
                        PosixFilePermissions.fromString((entry.mode() & EXECUTABLE) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
                Files.setLastModifiedTime(target, FileTime.from(InitrdWriter.TIME, TimeUnit.SECONDS));
            } else {
                ByteArrayOutputStream link = new ByteArrayOutputStream();
                entry.writeTo(link);
                Files.createSymbolicLink(target, Path.of(link.toString(StandardCharsets.UTF_8)));
            }
        }
    }

    private RootTree put(String path, Entry entry) {
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !entries.containsKey(path.substring(0, slash))) {
            folder(path.substring(0, slash), 0755);
        }
        entries.put(path, entry);
        return this;
    }
}
