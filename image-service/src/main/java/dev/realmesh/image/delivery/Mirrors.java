// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Registries that have what others have, and are asked first.
///
/// @param byRegistry where the images of a registry may be had too, in the order in which they are asked
public record Mirrors(Map<String, List<Mirror>> byRegistry) {
    public Mirrors {
        byRegistry = Map.copyOf(byRegistry);
    }

    /// Where a mirror keeps the images of another registry.
    ///
    /// @param registry the mirror
    /// @param prefix of its repositories; empty for none
    record Mirror(String registry, String prefix) {
        Reference of(Reference image) {
            return new Reference(registry, prefix + image.path(), image.version());
        }
    }

    /// Reads entries.
    ///
    /// @param entries each `registry=mirror[/prefix]`
    /// @throws IllegalArgumentException if one is none
    public static Mirrors parse(List<String> entries) {
        Map<String, List<Mirror>> mirrors = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw mistake(entry);
            }
            mirrors.computeIfAbsent(entry.substring(0, equals), registry -> new ArrayList<>())
                    .add(mirror(entry, entry.substring(equals + 1)));
        }
        return new Mirrors(mirrors);
    }

    /// All mirrors, as references have them.
    public Set<String> registries() {
        return byRegistry.values().stream()
                .flatMap(List::stream)
                .map(Mirror::registry)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Where an image may be had besides its own registry, in the order in which they are asked.
    List<Reference> of(Reference image) {
        return byRegistry.getOrDefault(image.registry(), List.of()).stream()
                .map(mirror -> mirror.of(image))
                .toList();
    }

    private static Mirror mirror(String entry, String place) {
        int slash = place.indexOf('/');
        String prefix = slash < 0 ? "" : place.substring(slash + 1) + "/";
        Mirror mirror = new Mirror(slash < 0 ? place : place.substring(0, slash), prefix);
        try {
            if (!mirror.registry().isEmpty()) {
                var unused = mirror.of(Reference.parse("any"));
                return mirror;
            }
        } catch (OciException.BadReference e) {
            throw mistake(entry);
        }
        throw mistake(entry);
    }

    private static IllegalArgumentException mistake(String entry) {
        return new IllegalArgumentException(
                "mirrors: " + entry + " (expected: registry=mirror or registry=mirror/prefix)");
    }
}
