// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// How a list of referrers describes one of them: OCI distribution specification 1.1, "Listing Referrers". Whoever made
/// the list is believed in nothing: [Referrer] reads the manifest itself.
///
/// @param manifest its descriptor, with the manifest's annotations
/// @param artifactType what it is; empty if the list does not say
public record ReferrerDescriptor(Descriptor manifest, String artifactType) {
    private static final int MAX_ENTRIES = 1000;

    /// How a list describes a manifest that is about another one.
    ///
    /// @param manifest its descriptor
    /// @param about what the manifest says
    public static ReferrerDescriptor of(Descriptor manifest, Referrer about) {
        return new ReferrerDescriptor(
                new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), about.annotations()),
                about.artifactType());
    }

    /// Reads a list, which has the form of an index.
    ///
    /// @throws OciException if it is none, or has more than 1000 entries
    public static List<ReferrerDescriptor> readAll(byte[] index) {
        JsonDocument document = JsonDocument.parse("referrers", index, Manifest.MAX_BYTES);
        Manifest.checkSchemaVersion(document);
        List<JsonDocument> entries = document.objects("manifests");
        if (entries.size() > MAX_ENTRIES) {
            throw new OciException.LimitExceeded("entries of the list of referrers", MAX_ENTRIES);
        }
        return entries.stream()
                .map(entry -> new ReferrerDescriptor(
                        Descriptor.read(entry),
                        entry.optionalText("artifactType").orElse("")))
                .toList();
    }

    /// Writes a list.
    public static byte[] writeAll(List<ReferrerDescriptor> entries) {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaTypes.OCI_INDEX);
        index.put("manifests", entries.stream().map(ReferrerDescriptor::toJson).toList());
        return JsonMapper.shared().writeValueAsBytes(index);
    }

    private Map<String, Object> toJson() {
        Map<String, Object> json = manifest.toJson();
        if (!artifactType.isEmpty()) {
            json.put("artifactType", artifactType);
        }
        return json;
    }
}
