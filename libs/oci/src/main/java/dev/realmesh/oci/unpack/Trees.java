// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Removes trees of any depth without recursion, without following a link, and with one open directory at a time.
final class Trees {
    private Trees() {}

    /// Removes a file, link or directory with all that is in it, if it is there.
    ///
    /// @return the directories that are gone
    static List<Path> delete(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            return List.of();
        }
        List<Path> directories = new ArrayList<>();
        Deque<Path> open = new ArrayDeque<>(List.of(path));
        while (!open.isEmpty()) {
            Path directory = open.pop();
            directories.add(directory);
            for (Path child : children(directory)) {
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    open.push(child);
                } else {
                    Files.deleteIfExists(child);
                }
            }
        }
        for (Path directory : directories.reversed()) {
            Files.delete(directory);
        }
        return directories;
    }

    /// Names in a directory, all read before the first is given.
    static List<Path> children(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        }
        return children;
    }
}
