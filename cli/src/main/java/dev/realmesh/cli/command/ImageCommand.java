// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.image.client.CopyImage;
import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.PemKeys;
import dev.realmesh.oci.crypt.Recipient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.crypto.spec.SecretKeySpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh image encrypt|push|pull|inspect`. A place is `oci:FOLDER[:NAME]` or a reference in a registry.
@Command(
        name = "image",
        description = "Images, encrypted for Realms.",
        subcommands = {ImageCommand.Encrypt.class})
public final class ImageCommand {
    /// `realmesh image encrypt SOURCE TARGET`.
    @Command(name = "encrypt", description = "Copy an image and encrypt its layers on the way.")
    static final class Encrypt implements Callable<Integer> {
        @Mixin
        private ImagePlaces places = new ImagePlaces();

        @Parameters(
                index = "0",
                paramLabel = "SOURCE",
                description = "oci:FOLDER[:NAME] or [HOST[:PORT]/]REPOSITORY[:TAG].")
        private String source = "";

        @Parameters(index = "1", paramLabel = "TARGET", description = "Where to, in the same forms.")
        private String target = "";

        @Option(
                names = "--recipient",
                paramLabel = "jwe:FILE",
                description = "Who can open it: a public key (PEM, RSA or EC). May be repeated.")
        private List<String> recipients = List.of();

        @Option(
                names = "--key",
                paramLabel = "KBS-URI=FILE",
                description =
                        "Who can open it: a Realm that key-broker gives kbs:///repository/type/tag, a key of 32 bytes"
                                + " that is in FILE. May be repeated.")
        private List<String> keys = List.of();

        @Override
        public Integer call() throws IOException {
            try (ImagePlaces.Place from = places.open(source);
                    ImagePlaces.Place to = places.open(target)) {
                Descriptor encrypted = new EncryptImage(recipients(), new SecureRandom())
                        .copy(from.source(), from.image(), Platform.current(), to.sink());
                System.out.println(encrypted.digest());
            }
            return 0;
        }

        private List<Recipient> recipients() throws IOException {
            List<Recipient> all = new ArrayList<>();
            for (String recipient : recipients) {
                if (!recipient.startsWith("jwe:")) {
                    throw new CommandException("--recipient: " + recipient + " (expected: jwe:FILE)");
                }
                all.add(new Recipient.Jwe(
                        PemKeys.publicKey(Files.readString(Path.of(recipient.substring("jwe:".length()))))));
            }
            for (String key : keys) {
                int equals = key.indexOf('=');
                if (equals < 0) {
                    throw new CommandException("--key: " + key + " (expected: kbs:///repository/type/tag=FILE)");
                }
                byte[] bytes = Files.readAllBytes(Path.of(key.substring(equals + 1)));
                all.add(new Recipient.KeyBroker(key.substring(0, equals), new SecretKeySpec(bytes, "AES")));
            }
            if (all.isEmpty()) {
                throw new CommandException("nobody could open it (expected: --recipient or --key)");
            }
            return all;
        }
    }

    @Command(
            name = "push",
            aliases = "pull",
            description = "Copy an image as it is, from a folder to a registry or the other way.")
    int copy(
            @Mixin ImagePlaces places,
            @Parameters(paramLabel = "SOURCE", description = "oci:FOLDER[:NAME] or a reference.") String source,
            @Parameters(paramLabel = "TARGET", description = "Where to, in the same forms.") String target)
            throws IOException {
        try (ImagePlaces.Place from = places.open(source);
                ImagePlaces.Place to = places.open(target)) {
            Descriptor image = from.manifest(Platform.current());
            CopyImage.copy(from.source(), image, to.sink());
            System.out.println(image.digest());
        }
        return 0;
    }

    @Command(name = "inspect", description = "Print what an image consists of.")
    int inspect(
            @Mixin ImagePlaces places,
            @Parameters(paramLabel = "IMAGE", description = "oci:FOLDER[:NAME] or a reference.") String image)
            throws IOException {
        try (ImagePlaces.Place place = places.open(image)) {
            Descriptor manifest = place.manifest(Platform.current());
            System.out.printf("manifest  %s  %,d bytes%n", manifest.digest(), manifest.size());
            Manifest parsed = Manifest.parse(place.source().read(manifest, Manifest.MAX_BYTES));
            System.out.printf(
                    "config    %s  %,d bytes%n",
                    parsed.config().digest(), parsed.config().size());
            for (Descriptor layer : parsed.layers()) {
                LayerFormat format = LayerFormat.of(layer.mediaType());
                System.out.printf(
                        "layer     %s  %,d bytes  %s%n",
                        layer.digest(), layer.size(), format.encrypted() ? "encrypted" : "plain");
            }
        }
        return 0;
    }
}
