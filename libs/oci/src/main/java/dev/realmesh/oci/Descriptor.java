// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Names content by type, digest and size: OCI image specification, "Content Descriptors".
///
/// @param mediaType what the content is
/// @param digest of the content as stored, so of a layer's ciphertext
/// @param size of the content, in bytes
/// @param annotations free-form; those of ocicrypt hold an encrypted layer's wrapped keys
public record Descriptor(String mediaType, OciDigest digest, long size, Map<String, String> annotations) {
    public Descriptor {
        if (size < 0) {
            throw new OciException.Malformed("size of " + digest + ": " + size + " (expected: at least 0)");
        }
        annotations = Map.copyOf(annotations);
    }

    /// Reads the descriptors in a member of a JSON object.
    ///
    /// @param what names the object in messages
    /// @throws OciException if it is not one within [Manifest#MAX_BYTES]
    public static List<Descriptor> readAll(String what, byte[] json, String member) {
        return JsonDocument.parse(what, json, Manifest.MAX_BYTES).objects(member).stream()
                .map(Descriptor::read)
                .toList();
    }

    /// The members of its JSON object.
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mediaType", mediaType);
        json.put("digest", digest.toString());
        json.put("size", size);
        if (!annotations.isEmpty()) {
            json.put("annotations", annotations);
        }
        return json;
    }

    static Descriptor read(JsonDocument json) {
        return new Descriptor(
                json.text("mediaType"),
                OciDigest.parse(json.text("digest")),
                json.size("size"),
                json.textsByName("annotations"));
    }
}
