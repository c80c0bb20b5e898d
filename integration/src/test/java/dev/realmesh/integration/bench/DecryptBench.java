// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.oci.unpack.UnpackImage;
import dev.realmesh.oci.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;

/// An image with one encrypted layer of real files (the JDK's), read from an OCI layout: its decryption to a file
/// against `skopeo copy --decryption-key`, and all the way to a root file system against `umoci unpack` of what skopeo
/// decrypted, if they are on the PATH; more is better.
public final class DecryptBench {
    private static final int RSA_BITS = 2048;

    private final Path folder;
    private final KeyPair keys;

    private DecryptBench(Path folder, KeyPair keys) {
        this.folder = folder;
        this.keys = keys;
    }

    public static void main(String[] args) throws Exception {
        run();
    }

    /// Measures and prints.
    static void run() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        Path folder = Files.createTempDirectory("decrypt-bench");
        try {
            new DecryptBench(folder, generator.generateKeyPair()).compare();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void compare() throws Exception {
        Files.writeString(folder.resolve("private.pem"), Peer.pem("PRIVATE KEY", keys.getPrivate()));
        encrypt(JdkImage.write(folder.resolve("image"), 1));
        OciLayout layout = OciLayout.open(folder.resolve("encrypted"));
        Descriptor layer = layer(layout);

        double ours = Peer.median(() -> {
            try (InputStream plain =
                    new LayerDecryption(KeySource.of(List.of(keys.getPrivate()))).decrypt(layer, layout.open(layer))) {
                return Files.copy(plain, folder.resolve("plain"), StandardCopyOption.REPLACE_EXISTING);
            }
        });
        double megabytes = layer.size() / 1e6;
        System.out.printf(
                Locale.ROOT, "%ndecrypt a layer of %.0f MB: %.2f s, %.0f MB/s%n", megabytes, ours, megabytes / ours);
        if (!Peer.isThere("skopeo")) {
            System.out.println("skopeo: not on the PATH, so there is nothing to compare with");
            return;
        }
        double theirs = Peer.median(() -> {
            FileUtils.deleteDirectory(folder.resolve("skopeo").toFile());
            return Peer.call(
                    "skopeo",
                    "copy",
                    "-q",
                    "--decryption-key",
                    folder.resolve("private.pem").toString(),
                    "oci:" + folder.resolve("encrypted") + ":1",
                    "oci:" + folder.resolve("skopeo") + ":1");
        });
        System.out.printf(
                Locale.ROOT,
                "skopeo copy --decryption-key: %.2f s, %.0f MB/s; realmesh/skopeo %.1f%n",
                theirs,
                megabytes / theirs,
                theirs / ours);
        compareUnpacking(layout);
    }

    private void compareUnpacking(OciLayout layout) throws Exception {
        Manifest manifest = Manifest.parse(layout.read(layout.image("1"), Manifest.MAX_BYTES));
        ImageConfig config = ImageConfig.parse(layout.read(manifest.config(), ImageConfig.MAX_BYTES));
        LayerDecryption decryption = new LayerDecryption(KeySource.of(List.of(keys.getPrivate())));
        Path rootfs = folder.resolve("rootfs");
        double ours = Peer.median(() -> {
            FileUtils.deleteDirectory(rootfs.toFile());
            return new UnpackImage(layout, decryption, UnpackLimits.defaults()).unpack(manifest, config, rootfs);
        });
        System.out.printf(Locale.ROOT, "decrypt and unpack it: %.2f s%n", ours);
        if (!Peer.isThere("umoci")) {
            System.out.println("umoci: not on the PATH, so there is nothing to compare with");
            return;
        }
        double theirs = Peer.median(() -> {
            FileUtils.deleteDirectory(folder.resolve("umoci").toFile());
            return Peer.call(
                    "umoci",
                    "unpack",
                    "--image",
                    folder.resolve("skopeo") + ":1",
                    folder.resolve("umoci").toString());
        });
        System.out.printf(
                Locale.ROOT,
                "umoci unpack alone, of what skopeo decrypted: %.2f s; umoci/realmesh %.1f%n",
                theirs,
                theirs / ours);
    }

    private void encrypt(OciLayout image) throws IOException {
        new EncryptImage(List.of(new Recipient.Jwe(keys.getPublic())), new SecureRandom())
                .copy(
                        image,
                        image.image("1"),
                        Platform.current(),
                        OciLayoutWriter.open(folder.resolve("encrypted"), "1"));
    }

    private static Descriptor layer(OciLayout layout) throws IOException {
        try (InputStream manifest = layout.open(layout.image("1"))) {
            return Manifest.parse(manifest.readAllBytes()).layers().getFirst();
        }
    }
}
