// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.List;
import java.util.Map;

/// One image: its configuration and its layers, lowest first. OCI image manifest specification, and Docker's schema 2.
///
/// @param mediaType [MediaTypes#OCI_MANIFEST] or [MediaTypes#DOCKER_MANIFEST]
/// @param config descriptor of the [ImageConfig]
/// @param layers descriptors of the layers, lowest first; the same layer may come twice
/// @param annotations of the manifest
public record Manifest(String mediaType, Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
    /// Largest manifest or index that is read, in bytes; the distribution specification asks for at least that.
    public static final int MAX_BYTES = 4 << 20;

    private static final int MAX_LAYERS = 1000;

    public Manifest {
        if (!MediaTypes.isManifest(mediaType)) {
            throw new OciException.Unsupported("manifest media type: " + mediaType + " (expected: "
                    + MediaTypes.OCI_MANIFEST + " or " + MediaTypes.DOCKER_MANIFEST + ")");
        }
        layers = List.copyOf(layers);
        annotations = Map.copyOf(annotations);
    }

    /// Reads a manifest; without a `mediaType` of its own it is an OCI one.
    ///
    /// @throws OciException if it is not one, or passes [#MAX_BYTES]
    public static Manifest parse(byte[] json) {
        JsonDocument document = JsonDocument.parse("manifest", json, MAX_BYTES);
        checkSchemaVersion(document);
        List<JsonDocument> layers = document.objects("layers");
        if (layers.size() > MAX_LAYERS) {
            throw new OciException.LimitExceeded("layers of the manifest", MAX_LAYERS);
        }
        return new Manifest(
                document.optionalText("mediaType").orElse(MediaTypes.OCI_MANIFEST),
                Descriptor.read(document.object("config")),
                layers.stream().map(Descriptor::read).toList(),
                document.textsByName("annotations"));
    }

    static void checkSchemaVersion(JsonDocument document) {
        long version = document.size("schemaVersion");
        if (version != 2) {
            throw new OciException.Unsupported("schemaVersion: " + version + " (expected: 2)");
        }
    }
}
