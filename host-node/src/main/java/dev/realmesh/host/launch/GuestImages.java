// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.host.vmm.GuestImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The guest images that a host boots Realms from, each by the name of its folder.
///
/// @param usual name of the one that a Realm gets that asks for none
/// @param byName all of them
public record GuestImages(String usual, Map<String, GuestImage> byName) {
    public GuestImages {
        byName = Map.copyOf(byName);
    }

    /// Opens the images in these folders.
    ///
    /// @throws IllegalArgumentException if two folders have one name
    /// @throws dev.realmesh.host.vmm.VmmException if one holds no guest image
    public static GuestImages open(Path usual, List<Path> others) {
        Map<String, GuestImage> images = new LinkedHashMap<>();
        images.put(name(usual), GuestImage.open(usual));
        for (Path folder : others) {
            if (images.put(name(folder), GuestImage.open(folder)) != null) {
                throw new IllegalArgumentException(
                        "more-guest-images: " + folder + " (expected: a folder whose name no other image has)");
            }
        }
        return new GuestImages(name(usual), images);
    }

    /// The image of this name; the usual one if it is empty.
    ///
    /// @throws LaunchException.BadRequest if there is none
    GuestImage get(String name) {
        GuestImage image = byName.get(name.isEmpty() ? usual : name);
        if (image == null) {
            throw new LaunchException.BadRequest("guest-image: %s (expected: %s)"
                    .formatted(
                            name,
                            String.join(", ", byName.keySet().stream().sorted().toList())));
        }
        return image;
    }

    private static String name(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        return absolute.getName(absolute.getNameCount() - 1).toString();
    }
}
