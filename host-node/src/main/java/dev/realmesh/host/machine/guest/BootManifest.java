// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What kernel and firmware of a Realmesh guest have in the place of code, behind a header: a JSON object of version 1,
/// padded with zeros to whole pages.
public final class BootManifest {
    /// Length of the header.
    public static final int HEADER_BYTES = 64;

    private static final String VERSION_KEY = "version";
    private static final int VERSION = 1;
    private static final int PAGE = 4096;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BootManifest() {}

    /// A manifest that says nothing yet.
    public static ObjectNode create() {
        return JSON.createObjectNode().put(VERSION_KEY, VERSION);
    }

    /// Reads the manifest of an image.
    ///
    /// @param keys what it must have besides the version, and nothing else
    /// @param refused the error for what is wrong
    public static JsonNode read(byte[] image, Set<String> keys, Function<String, GuestException> refused) {
        int end = image.length;
        while (end > HEADER_BYTES && image[end - 1] == 0) {
            end--;
        }
        JsonNode manifest;
        try {
            manifest = JSON.readTree(image, HEADER_BYTES, end - HEADER_BYTES);
        } catch (JacksonException e) {
            throw refused.apply("manifest: " + e.getOriginalMessage() + " (expected: a JSON object)");
        }
        Set<String> expected = new TreeSet<>(keys);
        expected.add(VERSION_KEY);
        if (!manifest.isObject() || !new HashSet<>(manifest.propertyNames()).equals(expected)) {
            throw refused.apply("manifest: other keys than " + String.join(", ", expected));
        }
        JsonNode version = manifest.get(VERSION_KEY);
        if (!version.isInt() || version.intValue() != VERSION) {
            throw refused.apply("manifest: version " + version + " (expected: " + VERSION + ")");
        }
        return manifest;
    }

    /// An image with this manifest and room for its header.
    public static byte[] pages(ObjectNode manifest) {
        byte[] json = manifest.toString().getBytes(StandardCharsets.UTF_8);
        byte[] pages = new byte[(HEADER_BYTES + json.length + PAGE - 1) / PAGE * PAGE];
        System.arraycopy(json, 0, pages, HEADER_BYTES, json.length);
        return pages;
    }
}
