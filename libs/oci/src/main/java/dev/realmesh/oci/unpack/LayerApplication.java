// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Applies one layer's tar archive to the tree of the layers below it: OCI image layer specification, "Applying
/// Changesets". A whiteout hides what lower layers have, wherever in the archive it stands, never what its own layer
/// has.
final class LayerApplication {
    private final FileTree tree;
    private final UnpackPolicy policy;
    private final UnpackBudget budget;
    private final byte[] buffer = new byte[64 << 10];

    /// Paths that this layer has, parents included.
    private final Set<Path> own = new HashSet<>();

    private long held;

    LayerApplication(FileTree tree, UnpackPolicy policy, UnpackBudget budget) {
        this.tree = tree;
        this.policy = policy;
        this.budget = budget;
    }

    void apply(InputStream archive) throws IOException {
        TarReader tar = new TarReader(archive);
        for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarArchiveEntry entry = next.get();
            budget.takeEntry();
            tree.change(() -> apply(entry, tar));
        }
        budget.release(held);
    }

    private void apply(TarArchiveEntry entry, TarReader tar) throws IOException {
        EntryName name = parse(entry.getName());
        if (name.isRoot()) {
            tree.describeRoot(attributes(entry, tar));
        } else if (name.isOpaqueMarker()) {
            for (Path child : Trees.children(directory(name))) {
                tree.hideLower(child, own);
            }
        } else if (name.isWhiteout()) {
            tree.hideLower(directory(name).resolve(name.hidden()), own);
        } else {
            create(entry, directory(name).resolve(name.last()), tar);
        }
    }

    private void create(TarArchiveEntry entry, Path path, TarReader tar) throws IOException {
        FileAttributes attributes = attributes(entry, tar);
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_DIR -> {
                tree.makeDirectory(path);
                tree.describeDirectory(path, attributes);
            }
            case TarConstants.LF_SYMLINK -> {
                tree.clear(path);
                tree.describe(Files.createSymbolicLink(path, tree.linkTarget(entry.getLinkName())), attributes);
            }
            case TarConstants.LF_LINK -> hardLink(path, parse(entry.getLinkName()));
            case TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO -> {
                tree.clear(path);
                if (!makeNode(path, entry)) {
                    budget.countSkippedNode();
                    return;
                }
                tree.describeNode(path, attributes);
            }
            case TarConstants.LF_NORMAL,
                    TarConstants.LF_OLDNORM,
                    TarConstants.LF_CONTIG,
                    TarConstants.LF_GNUTYPE_SPARSE -> {
                tree.clear(path);
                if (entry.isSparse()) {
                    budget.takeHoleBytes(entry.getRealSize() - entry.getSize());
                }
                write(path, tar);
                tree.describe(path, attributes);
            }
            default ->
                throw new OciException.Unsupported("tar entry of type " + entry.getLinkFlag()
                        + " (expected: file, directory, link, device or FIFO)");
        }
        keep(path);
    }

    private void keep(Path path) {
        if (own.add(path)) {
            held += budget.holdName(path);
        }
    }

    private Path directory(EntryName name) throws IOException {
        return tree.directory(name.parent(), this::keep);
    }

    private boolean makeNode(Path path, TarArchiveEntry entry) {
        if (entry.isFIFO()) {
            return FileSystemCalls.makeFifo(path);
        }
        DeviceNumber number = new DeviceNumber(entry.getDevMajor(), entry.getDevMinor());
        return switch (policy.devices()) {
            case LEAVE_OUT -> false;
            case MAKE ->
                entry.isBlockDevice()
                        ? FileSystemCalls.makeBlockDevice(path, number)
                        : !number.isWhiteout() && FileSystemCalls.makeCharacterDevice(path, number);
        };
    }

    private void hardLink(Path path, EntryName target) throws IOException {
        if (target.isRoot()) {
            throw new OciException.HostileLayer("hard link: to the root (expected: to a file)");
        }
        Path existing = tree.existing(target);
        if (existing.equals(path)) {
            return;
        }
        if (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(existing, LinkOption.NOFOLLOW_LINKS)) {
            throw new OciException.HostileLayer(
                    "hard link: to what is no file of this image (expected: an earlier file)");
        }
        tree.clear(path);
        Files.createLink(path, existing);
    }

    private void write(Path path, TarReader tar) throws IOException {
        try (OutputStream file = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
                budget.takeFileBytes(read);
                file.write(buffer, 0, read);
            }
        }
    }

    private FileAttributes attributes(TarArchiveEntry entry, TarReader tar) {
        return FileAttributes.of(entry, tar.extendedAttributes(entry, budget));
    }

    private EntryName parse(String name) {
        return EntryName.parse(name, budget.limits().maxPathBytes());
    }
}
