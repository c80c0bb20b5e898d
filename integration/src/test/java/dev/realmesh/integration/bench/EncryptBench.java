// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.PemKeys;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;

/// Images of one and of several layers of real files (the JDK's), encrypted from one OCI layout to another, against
/// `skopeo copy --encryption-key`, if it is on the PATH; more is better. Memory is that of a process of its own with a
/// heap of 64 MiB.
public final class EncryptBench {
    private static final int RSA_BITS = 2048;
    private static final int SEVERAL = 4;

    private final Path folder;
    private final Recipient recipient;

    private EncryptBench(Path folder, Recipient recipient) {
        this.folder = folder;
        this.recipient = recipient;
    }

    /// Alone, or with folder and name of an image: encrypts that once, and prints how much memory it took.
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            run();
            return;
        }
        Path folder = Path.of(args[0]);
        Recipient recipient = new Recipient.Jwe(PemKeys.publicKey(Files.readString(folder.resolve("public.pem"))));
        var unused = new EncryptBench(folder, recipient).encrypt(args[1]);
        Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .forEach(line -> System.out.println("realmesh, memory at most: "
                        + line.substring("VmHWM:".length()).strip()));
    }

    /// Measures and prints.
    static void run() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        KeyPair keys = generator.generateKeyPair();
        Path folder = Files.createTempDirectory("encrypt-bench");
        try {
            Files.writeString(folder.resolve("public.pem"), Peer.pem("PUBLIC KEY", keys.getPublic()));
            EncryptBench bench = new EncryptBench(folder, new Recipient.Jwe(keys.getPublic()));
            bench.compare("one", JdkImage.write(folder.resolve("one"), 1));
            bench.compare("several", JdkImage.write(folder.resolve("several"), SEVERAL));
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void compare(String name, OciLayout image) throws Exception {
        Manifest manifest = Manifest.parse(image.read(image.image("1"), Manifest.MAX_BYTES));
        double megabytes =
                manifest.layers().stream().mapToLong(Descriptor::size).sum() / 1e6;
        double ours = Peer.median(() -> encrypt(name));
        System.out.printf(
                Locale.ROOT,
                "%nencrypt %d layers of %.0f MB: %.2f s, %.0f MB/s%n",
                manifest.layers().size(),
                megabytes,
                ours,
                megabytes / ours);
        if (!Peer.isThere("skopeo")) {
            System.out.println("skopeo: not on the PATH, so there is nothing to compare with");
            return;
        }
        double theirs = Peer.median(() -> {
            FileUtils.deleteDirectory(folder.resolve("skopeo").toFile());
            return Peer.call(skopeo(name));
        });
        System.out.printf(
                Locale.ROOT,
                "skopeo copy --encryption-key: %.2f s, %.0f MB/s; realmesh/skopeo %.1f%n",
                theirs,
                megabytes / theirs,
                theirs / ours);
        compareMemory(name);
    }

    private void compareMemory(String name) throws IOException, InterruptedException {
        Peer.call(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                EncryptBench.class.getName(),
                folder.toString(),
                name);
        FileUtils.deleteDirectory(folder.resolve("skopeo").toFile());
        if (new File("/usr/bin/time").canExecute()) {
            String[] skopeo = skopeo(name);
            String[] words = new String[skopeo.length + 3];
            words[0] = "/usr/bin/time";
            words[1] = "-f";
            words[2] = "skopeo, memory at most: %M kB";
            System.arraycopy(skopeo, 0, words, 3, skopeo.length);
            Peer.call(words);
        }
    }

    private Descriptor encrypt(String name) throws IOException {
        Path target = folder.resolve("encrypted");
        FileUtils.deleteDirectory(target.toFile());
        OciLayout image = OciLayout.open(folder.resolve(name));
        return new EncryptImage(List.of(recipient), new SecureRandom())
                .copy(image, image.image("1"), Platform.current(), OciLayoutWriter.open(target, "1"));
    }

    private String[] skopeo(String name) {
        return new String[] {
            "skopeo",
            "copy",
            "-q",
            "--encryption-key",
            "jwe:" + folder.resolve("public.pem"),
            "oci:" + folder.resolve(name) + ":1",
            "oci:" + folder.resolve("skopeo") + ":1"
        };
    }
}
