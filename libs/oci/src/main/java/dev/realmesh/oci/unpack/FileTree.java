// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.FullDisk;
import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The tree that layers are applied to. Links inside it are followed as the container would follow them: its root is
/// `/`, and nothing leads out. Nobody else writes to the tree meanwhile, so what was looked at stays so.
final class FileTree {
    private static final int MAX_LINKS_FOLLOWED = 40;

    private final Path root;
    private final UnpackBudget budget;
    private final Ownership ownership = new Ownership();

    /// Modes and times of directories, set at the end: a read-only directory must take its files first.
    private final Map<Path, FileAttributes> directories = new HashMap<>();

    FileTree(Path root, UnpackBudget budget) {
        this.root = root;
        this.budget = budget;
    }

    /// A change of the tree. It reads nothing but content that has come, so what fails is the file system.
    interface Change {
        void run() throws IOException;
    }

    /// Makes a change.
    ///
    /// @throws NoRoomException if there is no room for it
    void change(Change change) throws IOException {
        try {
            change.run();
        } catch (IOException e) {
            throw FullDisk.caused(e, root)
                    ? new NoRoomException(e, Files.getFileStore(root).getTotalSpace())
                    : e;
        }
    }

    /// The directory of that name, links followed, made if missing.
    ///
    /// @param made takes the directories on the way
    Path directory(List<String> components, Consumer<Path> made) throws IOException {
        Walk walk = new Walk(root, components);
        while (walk.hasNext()) {
            Path next = walk.step();
            if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(next);
            } else if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                throw new OciException.HostileLayer("entry below a file (expected: below a directory)");
            }
            made.accept(next);
        }
        return walk.current();
    }

    /// Where a hard link's target is: links on the way are followed, the last component is not.
    Path existing(EntryName name) throws IOException {
        Walk walk = new Walk(root, name.parent());
        while (walk.hasNext()) {
            walk.step();
        }
        return walk.current().resolve(component(name.last()));
    }

    /// Makes room for a directory, which may be there already.
    void makeDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            clear(path);
            Files.createDirectory(path);
        }
    }

    /// Removes what is in the way of an entry.
    void clear(Path path) throws IOException {
        directories.keySet().removeAll(Trees.delete(path));
    }

    /// Removes what lower layers have at or below a path; what this layer has stays.
    void hideLower(Path path, Set<Path> own) throws IOException {
        Deque<Path> open = new ArrayDeque<>(List.of(path));
        while (!open.isEmpty()) {
            Path next = open.pop();
            if (!own.contains(next)) {
                clear(next);
            } else if (Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                Trees.children(next).forEach(open::push);
            }
        }
    }

    void describeRoot(FileAttributes attributes) {
        describeDirectory(root, attributes);
    }

    void describeDirectory(Path path, FileAttributes attributes) {
        if (directories.put(path, attributes) == null) {
            var unused = budget.holdName(path);
        }
    }

    /// Sets owner, mode, extended attributes and time of a file or link.
    void describe(Path path, FileAttributes attributes) throws IOException {
        boolean owned = own(path, attributes);
        // After the owner, which takes capabilities away, and before a mode that forbids to write.
        attributes.extended().apply(path, owned, budget);
        if (!Files.isSymbolicLink(path)) {
            int mode = owned ? attributes.mode() : attributes.modeWithoutSetId();
            Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
        }
        FileTime modified = attributes.modified();
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(modified, modified, null);
    }

    /// Sets owner and mode of a FIFO or device, which must not be opened, as the JDK does to set a time.
    void describeNode(Path path, FileAttributes attributes) throws IOException {
        boolean owned = own(path, attributes);
        attributes.extended().apply(path, owned, budget);
        Files.setAttribute(path, "unix:mode", owned ? attributes.mode() : attributes.modeWithoutSetId());
    }

    /// Sets what was put off: deepest directories first, as their parents may forbid to enter.
    void finish() throws IOException {
        change(this::describeDirectories);
    }

    /// A symbolic link's target, whatever it is: it is followed only inside the root.
    Path linkTarget(String target) {
        if (target.isEmpty() || target.length() > budget.limits().maxPathBytes()) {
            throw new OciException.HostileLayer("symbolic link: target of " + target.length()
                    + " characters (expected: 1 to " + budget.limits().maxPathBytes() + ")");
        }
        return component(target);
    }

    private void describeDirectories() throws IOException {
        directories.putIfAbsent(root, FileAttributes.ofUndescribedDirectory());
        List<Path> deepestFirst = directories.keySet().stream()
                .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                .toList();
        for (Path directory : deepestFirst) {
            FileAttributes attributes = directories.get(directory);
            if (attributes != null) {
                describe(directory, attributes);
            }
        }
    }

    private boolean own(Path path, FileAttributes attributes) throws IOException {
        boolean owned = ownership.apply(path, attributes);
        if (!owned) {
            budget.countForeignOwner();
        }
        return owned;
    }

    private static Path component(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new OciException.HostileLayer(
                    "entry name: no file name here, " + e.getReason() + " (expected: UTF-8 names, and a UTF-8 locale)");
        }
    }

    /// A way down from the root, link by link.
    private static final class Walk {
        private final Path root;
        private final Deque<String> ahead;
        private Path current;
        private int linksFollowed;

        private Walk(Path root, List<String> components) {
            this.root = root;
            this.ahead = new ArrayDeque<>(components);
            this.current = root;
        }

        private Path current() {
            return current;
        }

        private boolean hasNext() {
            return !ahead.isEmpty();
        }

        /// Goes one component on, or to where a link leads from here.
        private Path step() throws IOException {
            String component = ahead.pop();
            if (component.equals(".")) {
                return current;
            }
            if (component.equals("..")) {
                current = current.equals(root) ? root : parent();
                return current;
            }
            Path next = current.resolve(component(component));
            if (Files.isSymbolicLink(next)) {
                follow(Files.readSymbolicLink(next));
            } else {
                current = next;
            }
            return current;
        }

        private void follow(Path target) {
            linksFollowed++;
            if (linksFollowed > MAX_LINKS_FOLLOWED) {
                throw new OciException.HostileLayer("symbolic links: a loop, or more than " + MAX_LINKS_FOLLOWED
                        + " in one name (expected: fewer)");
            }
            if (target.isAbsolute()) {
                current = root;
            }
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                ahead.push(target.getName(i).toString());
            }
        }

        private Path parent() {
            Path parent = current.getParent();
            return parent == null ? root : parent;
        }
    }
}
