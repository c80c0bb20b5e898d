// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/// Writes a root tree as a cpio "newc" archive, as Linux unpacks it into its first root: sorted, owned by root, all of
/// one
/// time, so that the same tree gives the same bytes.
final class InitrdWriter {
    /// Modification time of everything in the image, in seconds: 2026-11-01T00:00:00Z.
    static final long TIME = 1_793_491_200;

    private static final int BUFFER_BYTES = 1 << 20;

    private InitrdWriter() {}

    /// Writes the archive of `tree` to `file`.
    static void write(RootTree tree, Path file) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
                CpioArchiveOutputStream archive = new CpioArchiveOutputStream(
                        out, CpioConstants.FORMAT_NEW, CpioConstants.BLOCK_SIZE, StandardCharsets.UTF_8.name())) {
            long inode = 1;
            for (Map.Entry<String, RootTree.Entry> entry : tree.entries().entrySet()) {
                put(archive, entry.getKey(), entry.getValue(), inode++);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static void put(CpioArchiveOutputStream archive, String path, RootTree.Entry entry, long inode)
            throws IOException {
        CpioArchiveEntry header = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, path, entry.size());
        header.setMode(entry.mode());
        header.setInode(inode);
        header.setNumberOfLinks(1);
        header.setTime(TIME);
        archive.putArchiveEntry(header);
        entry.writeTo(archive);
        archive.closeArchiveEntry();
    }
}
