// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are a layer that stays below its root, or refused by an [OciException], with nothing left of them.
class LayerFuzzTest {
    private static final UnpackLimits LIMITS = new UnpackLimits(1 << 20, 100, 200, 3072, 1 << 16);

    @MethodSource("recorded")
    @FuzzTest
    void unpacks(byte[] input) throws IOException {
        Path folder = Files.createTempDirectory("layer-");
        try {
            Files.writeString(folder.resolve("victim"), "untouched");
            Path bundle = Files.createDirectory(folder.resolve("bundle"));
            unpack(input, bundle.resolve("rootfs"));
            require(names(folder).equals(List.of("bundle", "victim")), "a layer is outside of its root");
            require(Files.readString(folder.resolve("victim")).equals("untouched"), "a file outside is another");
        } finally {
            var unused = Trees.delete(folder);
        }
    }

    private static void unpack(byte[] layer, Path rootfs) throws IOException {
        OciDigest digest = OciDigest.of(layer);
        Descriptor descriptor =
                new Descriptor("application/vnd.oci.image.layer.v1.tar", digest, layer.length, Map.of());
        Manifest manifest = new Manifest(MediaTypes.OCI_MANIFEST, descriptor, List.of(descriptor), Map.of());
        ImageConfig config = new ImageConfig(Platform.UNKNOWN, List.of(digest), ImageConfig.RunDefaults.NONE);
        try {
            var unused = new UnpackImage(
                            blob -> new ByteArrayInputStream(layer),
                            new LayerDecryption(KeySource.of(List.of())),
                            LIMITS)
                    .unpack(manifest, config, rootfs);
        } catch (OciException e) {
            require(names(rootfs.getParent()).isEmpty(), "something is left of a layer that was refused");
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new AssertionError(problem);
        }
    }

    static Stream<byte[]> recorded() {
        return Stream.of(
                        "absolute",
                        "dup-file-then-dir",
                        "symlink-rel-out",
                        "hardlink-out",
                        "whiteout-of-dot",
                        "nul-name")
                .map(name -> Vectors.bytes("coco/hostile-layers/" + name + ".tar"));
    }
}
