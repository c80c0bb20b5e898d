// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.host.vmm.GuestImage;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The guest images that a host boots Realms from, each by the name of its source.
///
/// @param usual name of the one that a Realm gets that asks for none
/// @param byName all of them
public record GuestImages(String usual, Map<String, Bootable> byName) {
    public GuestImages {
        byName = Map.copyOf(byName);
    }

    /// A guest image, and how Realms boot from it.
    record Bootable(GuestImage image, BootMethod method) {
        PlannedRealm plan(RealmShape shape) {
            return method.plan(image, shape);
        }
    }

    /// Opens all of these, the usual one first.
    ///
    /// @throws IllegalArgumentException if two have one name
    /// @throws dev.realmesh.host.vmm.VmmException if one holds no guest image
    public static GuestImages open(List<BootSource> sources) {
        Map<String, Bootable> images = new LinkedHashMap<>();
        for (BootSource source : sources) {
            if (images.put(source.name(), new Bootable(source.open(), source.method())) != null) {
                throw new IllegalArgumentException("more-guest-images: " + source.folder()
                        + " (expected: a folder whose name no other image has)");
            }
        }
        return new GuestImages(sources.getFirst().name(), images);
    }

    /// The image of this name; the usual one if it is empty.
    ///
    /// @throws LaunchException.BadRequest if there is none
    Bootable get(String name) {
        Bootable image = byName.get(name.isEmpty() ? usual : name);
        if (image == null) {
            throw new LaunchException.BadRequest("guest-image: %s (expected: %s)"
                    .formatted(
                            name,
                            String.join(", ", byName.keySet().stream().sorted().toList())));
        }
        return image;
    }
}
