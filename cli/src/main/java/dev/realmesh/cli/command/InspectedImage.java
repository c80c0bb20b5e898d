// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.Platform;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an image for this platform consists of.
///
/// @param manifest its manifest
/// @param config its configuration
/// @param layers lowest first
record InspectedImage(Blob manifest, Blob config, List<Layer> layers) {
    /// A blob.
    ///
    /// @param size in bytes
    record Blob(String digest, long size) {
        private static Blob of(Descriptor blob) {
            return new Blob(blob.digest().toString(), blob.size());
        }

        private String line(String what, String remark) {
            return String.format(Locale.ROOT, "%-9s %s  %,d bytes  %s", what, digest, size, remark)
                    .stripTrailing();
        }
    }

    /// A layer.
    ///
    /// @param size in bytes
    /// @param encrypted whether only recipients can read it
    record Layer(String digest, long size, String mediaType, boolean encrypted) {
        private static Layer of(Descriptor layer) {
            boolean encrypted = LayerFormat.of(layer.mediaType()).encrypted();
            return new Layer(layer.digest().toString(), layer.size(), layer.mediaType(), encrypted);
        }
    }

    /// Reads manifest and configuration's name; no layer is read.
    static InspectedImage of(ImagePlaces.Place place) throws IOException {
        Descriptor manifest = place.manifest(Platform.current());
        Manifest parsed = Manifest.parse(place.source().read(manifest, Manifest.MAX_BYTES));
        return new InspectedImage(
                Blob.of(manifest),
                Blob.of(parsed.config()),
                parsed.layers().stream().map(Layer::of).toList());
    }

    /// A blob a line.
    String text() {
        Stream<String> documents = Stream.of(manifest.line("manifest", ""), config.line("config", ""));
        Stream<String> content = layers.stream()
                .map(layer -> new Blob(layer.digest(), layer.size())
                        .line("layer", layer.encrypted() ? "encrypted" : "plain"));
        return Stream.concat(documents, content).collect(Collectors.joining(System.lineSeparator()));
    }
}
