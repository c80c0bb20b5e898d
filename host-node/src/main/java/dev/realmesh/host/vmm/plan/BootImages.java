// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The images of a Realm, by what they are for. The command line of a monitor says which of them it loads; those are
/// opened when they are asked for, and no other. Immutable.
public final class BootImages {
    /// What an image is for.
    public enum Role {
        KERNEL("kernel"),
        INITRD("initrd"),
        FIRMWARE("firmware"),
        DEVICE_TREE("device tree");

        /// Those that a command line says to load or not.
        public static final Set<Role> IMAGES = Collections.unmodifiableSet(EnumSet.of(KERNEL, INITRD, FIRMWARE));

        private final String title;

        Role(String title) {
            this.title = title;
        }

        /// What people call it; also the name of what is loaded of it.
        public String title() {
            return title;
        }
    }

    /// No image.
    public static final BootImages NONE = new BootImages(Map.of());

    private final Map<Role, Supplier<Blob>> images;

    private BootImages(Map<Role, Supplier<Blob>> images) {
        this.images = images;
    }

    /// These and one more.
    public BootImages with(Role role, Blob image) {
        return with(role, () -> image);
    }

    /// These and a file.
    public BootImages with(Role role, Path file) {
        return with(role, () -> open(role, file));
    }

    private BootImages with(Role role, Supplier<Blob> image) {
        Map<Role, Supplier<Blob>> more = new EnumMap<>(Role.class);
        more.putAll(images);
        more.put(role, image);
        return new BootImages(more);
    }

    /// Those of `roles`, all of which must be there, and the device tree if there is one.
    ///
    /// @throws PlanException.BadImage if one is missing
    public BootImages only(Set<Role> roles) {
        BootImages selected = find(Role.DEVICE_TREE)
                .map(tree -> NONE.with(Role.DEVICE_TREE, tree))
                .orElse(NONE);
        for (Role role : roles) {
            selected = selected.with(role, require(role));
        }
        return selected;
    }

    /// Whether there is such an image.
    public boolean has(Role role) {
        return images.containsKey(role);
    }

    private static Blob open(Role role, Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new PlanException.BadImage("%s: cannot be read (expected: the %s)".formatted(file, role.title()));
        }
        return Blob.map(file);
    }

    /// An image, if it is there.
    ///
    /// @throws PlanException.BadImage if its file cannot be read, or holds nothing
    public Optional<Blob> find(Role role) {
        Optional<Blob> found = Optional.ofNullable(images.get(role)).map(Supplier::get);
        found.filter(image -> image.size() == 0).ifPresent(empty -> {
            throw new PlanException.BadImage(role.title() + ": 0 bytes (expected: some)");
        });
        return found;
    }

    /// An image that a command line loads.
    ///
    /// @throws PlanException.BadImage if there is none, its file cannot be read, or it holds nothing
    public Blob require(Role role) {
        return find(role)
                .orElseThrow(() -> new PlanException.BadImage(
                        "no %s (expected: one, as the command line loads it)".formatted(role.title())));
    }
}
