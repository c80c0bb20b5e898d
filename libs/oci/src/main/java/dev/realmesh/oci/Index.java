// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.List;

/// A list of manifests, by platform: OCI image index specification, and Docker's manifest list.
///
/// @param entries in the order of the index
public record Index(List<Entry> entries) {
    private static final int MAX_ENTRIES = 1000;

    public Index {
        entries = List.copyOf(entries);
    }

    /// Reads an index.
    ///
    /// @throws OciException if it is not one, or passes [Manifest#MAX_BYTES]
    public static Index parse(byte[] json) {
        JsonDocument document = JsonDocument.parse("index", json, Manifest.MAX_BYTES);
        Manifest.checkSchemaVersion(document);
        List<JsonDocument> manifests = document.objects("manifests");
        if (manifests.size() > MAX_ENTRIES) {
            throw new OciException.LimitExceeded("manifests of the index", MAX_ENTRIES);
        }
        return new Index(manifests.stream().map(Entry::read).toList());
    }

    /// The first manifest for a platform. An index with one entry that names no platform gives that.
    ///
    /// @throws OciException.Unsupported if there is none
    public Descriptor choose(Platform platform) {
        if (entries.size() == 1 && entries.getFirst().platform().equals(Platform.UNKNOWN)) {
            return entries.getFirst().manifest();
        }
        return entries.stream()
                .filter(entry -> platform.accepts(entry.platform()))
                .findFirst()
                .map(Entry::manifest)
                .orElseThrow(() -> new OciException.Unsupported("index: no manifest for " + platform.os() + "/"
                        + platform.architecture() + " (expected: one of "
                        + entries.stream().map(Entry::platform).toList() + ")"));
    }

    /// One manifest of the index.
    ///
    /// @param manifest its descriptor
    /// @param platform what it is for, or [Platform#UNKNOWN]
    public record Entry(Descriptor manifest, Platform platform) {
        private static Entry read(JsonDocument json) {
            return new Entry(
                    Descriptor.read(json),
                    json.optionalObject("platform").map(Platform::read).orElse(Platform.UNKNOWN));
        }
    }
}
