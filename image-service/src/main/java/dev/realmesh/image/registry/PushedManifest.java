// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Index;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads a manifest or index as it is pushed.
final class PushedManifest {
    private PushedManifest() {}

    /// What a manifest or index names, none of it being optional.
    ///
    /// @throws RegistryException.ManifestInvalid if it is neither
    static List<Descriptor> named(String mediaType, byte[] content) {
        if (MediaTypes.isIndex(mediaType)) {
            return parsed(content, Index::parse).entries().stream()
                    .map(Index.Entry::manifest)
                    .toList();
        }
        if (!MediaTypes.isManifest(mediaType)) {
            throw new RegistryException.ManifestInvalid(
                    "media type " + mediaType + " (expected: an OCI or Docker manifest or index)");
        }
        Manifest manifest = parsed(content, Manifest::parse);
        if (!manifest.mediaType().equals(mediaType)) {
            throw new RegistryException.ManifestInvalid(
                    "pushed as " + mediaType + " (expected: " + manifest.mediaType() + ", as it says itself)");
        }
        return Stream.concat(
                        Stream.of(manifest.config()), manifest.layers().stream().filter(PushedManifest::isDistributed))
                .toList();
    }

    /// Layers of base systems that may not be pushed are fetched from elsewhere.
    private static boolean isDistributed(Descriptor layer) {
        return !layer.mediaType().contains(".nondistributable.")
                && !layer.mediaType().contains(".foreign.");
    }

    /// What a parser of manifests makes of one.
    ///
    /// @throws RegistryException.ManifestInvalid if it refuses it
    static <T> T parsed(byte[] content, Function<byte[], T> parser) {
        try {
            return parser.apply(content);
        } catch (OciException e) {
            throw new RegistryException.ManifestInvalid("not readable, " + e.getMessage(), e);
        }
    }
}
