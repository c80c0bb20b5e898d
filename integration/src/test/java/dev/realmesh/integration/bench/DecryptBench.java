// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.oci.unpack.UnpackImage;
import dev.realmesh.oci.unpack.UnpackLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/// An image with one encrypted layer of real files (the JDK's), read from an OCI layout: its decryption to a file
/// against `skopeo copy --decryption-key`, and all the way to a root file system against `umoci unpack` of what skopeo
/// decrypted, if they are on the PATH; more is better.
public final class DecryptBench {
    private static final int RUNS = 7;
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
        Files.writeString(folder.resolve("private.pem"), pem(keys));
        encrypt(writeImage());
        OciLayout layout = OciLayout.open(folder.resolve("encrypted"));
        Descriptor layer = layer(layout);

        double ours = median(() -> {
            try (InputStream plain =
                    new LayerDecryption(KeySource.of(List.of(keys.getPrivate()))).decrypt(layer, layout.open(layer))) {
                return Files.copy(plain, folder.resolve("plain"), StandardCopyOption.REPLACE_EXISTING);
            }
        });
        double megabytes = layer.size() / 1e6;
        System.out.printf(
                Locale.ROOT, "%ndecrypt a layer of %.0f MB: %.2f s, %.0f MB/s%n", megabytes, ours, megabytes / ours);
        if (!isThere("skopeo")) {
            System.out.println("skopeo: not on the PATH, so there is nothing to compare with");
            return;
        }
        double theirs = median(() -> {
            FileUtils.deleteDirectory(folder.resolve("skopeo").toFile());
            return call(
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
        double ours = median(() -> {
            FileUtils.deleteDirectory(rootfs.toFile());
            return new UnpackImage(layout, decryption, UnpackLimits.defaults()).unpack(manifest, config, rootfs);
        });
        System.out.printf(Locale.ROOT, "decrypt and unpack it: %.2f s%n", ours);
        if (!isThere("umoci")) {
            System.out.println("umoci: not on the PATH, so there is nothing to compare with");
            return;
        }
        double theirs = median(() -> {
            FileUtils.deleteDirectory(folder.resolve("umoci").toFile());
            return call(
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

    /// The JDK's library folder as an image with one gzip layer.
    private OciLayout writeImage() throws IOException, InterruptedException {
        Path tar = folder.resolve("layer.tar");
        call(
                "tar",
                "--sort=name",
                "--mtime=@0",
                "--owner=0",
                "--group=0",
                "-cf",
                tar.toString(),
                "-C",
                System.getProperty("java.home"),
                "lib");
        String diffId = digest(tar).toString();
        call("gzip", "-n", "-6", tar.toString());
        Path gzip = folder.resolve("layer.tar.gz");
        Descriptor layer =
                new Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", digest(gzip), Files.size(gzip), Map.of());
        byte[] config = utf8("{\"architecture\":\"" + Platform.current().architecture()
                + "\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + diffId + "\"]}}");
        Descriptor configBlob = describe(MediaTypes.OCI_CONFIG, config);
        byte[] manifest = utf8("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
                + json(configBlob) + ",\"layers\":[" + json(layer) + "]}");

        OciLayoutWriter writer = OciLayoutWriter.open(folder.resolve("image"), "1");
        try (InputStream content = Files.newInputStream(gzip)) {
            writer.putBlob(layer, content);
        }
        writer.putBlob(configBlob, new ByteArrayInputStream(config));
        writer.putManifest(describe(MediaTypes.OCI_MANIFEST, manifest), manifest);
        return OciLayout.open(folder.resolve("image"));
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

    /// Seconds of the middle one of some runs; those before it warm up.
    private static double median(Callable<?> run) throws Exception {
        double[] seconds = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            Object unused = run.call();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[RUNS / 2];
    }

    private static int call(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).inheritIO().start();
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException(String.join(" ", words) + ": exit code " + exitCode + " (expected: 0)");
        }
        return exitCode;
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    private static OciDigest digest(Path file) throws IOException {
        return OciDigest.of(Files.readAllBytes(file));
    }

    private static Descriptor describe(String mediaType, byte[] content) {
        return new Descriptor(mediaType, OciDigest.of(content), content.length, Map.of());
    }

    private static String json(Descriptor blob) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(blob.mediaType(), blob.digest(), blob.size());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String pem(KeyPair keys) throws GeneralSecurityException {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, utf8("\n"))
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
