// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.Map;
import java.util.Optional;

/// What a manifest or index says of the one that it is about, such as a signature of the image that it signs: OCI image
/// specification 1.1, `subject`.
///
/// @param subject digest of the manifest that it is about; that may not be there
/// @param artifactType what it is; empty if it does not say
/// @param annotations of the manifest
public record Referrer(OciDigest subject, String artifactType, Map<String, String> annotations) {
    public Referrer {
        annotations = Map.copyOf(annotations);
    }

    /// Reads a manifest or index; empty if it has no subject.
    ///
    /// @throws OciException if it is neither
    public static Optional<Referrer> parse(byte[] json) {
        JsonDocument document = JsonDocument.parse("manifest", json, Manifest.MAX_BYTES);
        return document.optionalObject("subject")
                .map(Descriptor::read)
                .map(subject ->
                        new Referrer(subject.digest(), artifactType(document), document.textsByName("annotations")));
    }

    /// Without a type of its own an image manifest has that of its config.
    private static String artifactType(JsonDocument document) {
        return document.optionalText("artifactType")
                .filter(type -> !type.isEmpty())
                .or(() -> document.optionalObject("config").map(config -> config.text("mediaType")))
                .orElse("");
    }
}
