// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are each of an image's documents, or refused by an [OciException]; a list of referrers is written to what
/// reads the same.
class ImageDocumentsFuzzTest {
    private static final List<Consumer<byte[]>> READERS = List.of(
            Manifest::parse,
            Index::parse,
            ImageConfig::parse,
            Referrer::parse,
            ImageDocumentsFuzzTest::referrers,
            text -> Reference.parse(new String(text, StandardCharsets.UTF_8)));

    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        for (Consumer<byte[]> reader : READERS) {
            try {
                reader.accept(input);
            } catch (OciException e) {
                continue;
            }
        }
    }

    private static void referrers(byte[] input) {
        List<ReferrerDescriptor> read = ReferrerDescriptor.readAll(input);
        if (!ReferrerDescriptor.readAll(ReferrerDescriptor.writeAll(read)).equals(read)) {
            throw new AssertionError("a list of referrers reads otherwise once it is written");
        }
    }

    static Stream<byte[]> recorded() {
        byte[] index = Vectors.bytes("coco/images/jwe-gzip/index.json");
        Descriptor image = Descriptor.readAll("index.json", index, "manifests").getFirst();
        byte[] manifest = blob(image);
        return Stream.of(
                index,
                manifest,
                blob(Manifest.parse(manifest).config()),
                "registry.example:5000/team/app:v1@sha256:"
                        .concat("a".repeat(64))
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] blob(Descriptor blob) {
        return Vectors.bytes(
                "coco/images/jwe-gzip/blobs/sha256/" + blob.digest().hex());
    }
}
