// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.image.encryption.LayerSelection;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.registry.CopyImage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh image encrypt|sign|verify|push|pull|inspect`. A place is `oci:FOLDER[:NAME]` or a reference in a registry.
@Command(name = "image", description = "Images, encrypted for Realms.")
public final class ImageCommand {
    private final Caller caller;

    public ImageCommand(Caller caller) {
        this.caller = caller;
    }

    @Command(name = "encrypt", description = "Copy an image and encrypt its layers on the way.")
    int encrypt(
            @Mixin ImagePlaces places,
            @Parameters(paramLabel = "SOURCE", description = "oci:FOLDER[:NAME] or [HOST[:PORT]/]REPOSITORY[:TAG].")
                    String source,
            @Parameters(paramLabel = "TARGET", description = "Where to, in the same forms.") String target,
            @Mixin Recipients recipients,
            @Option(
                            names = "--encrypt-layer",
                            paramLabel = "N",
                            description = "Encrypt this layer alone: 0 is the lowest, -1 the topmost. May be repeated"
                                    + " (default: all layers).")
                    @Nullable
                    List<Integer> layers,
            @Option(names = "--json", description = "Print the new image's digest as JSON.") boolean json)
            throws IOException {
        List<Recipient> all = recipients.all();
        LayerSelection selection = layers == null ? LayerSelection.ALL : new LayerSelection(layers);
        try (ImagePlaces.Place from = places.open(source);
                ImagePlaces.Place to = places.open(target)) {
            print(
                    new EncryptImage(all, selection, new SecureRandom())
                            .copy(from.source(), from.image(), Platform.current(), to.sink())
                            .digest(),
                    json);
        }
        return 0;
    }

    @Command(
            name = "push",
            aliases = "pull",
            description = "Copy an image as it is, from a folder to a registry or the other way.")
    int copy(
            @Mixin ImagePlaces places,
            @Parameters(paramLabel = "SOURCE", description = "oci:FOLDER[:NAME] or a reference.") String source,
            @Parameters(paramLabel = "TARGET", description = "Where to, in the same forms.") String target,
            @Option(names = "--json", description = "Print the image's digest as JSON.") boolean json)
            throws IOException {
        try (ImagePlaces.Place from = places.open(source);
                ImagePlaces.Place to = places.open(target)) {
            Descriptor image = from.manifest(Platform.current());
            CopyImage.copy(from.source(), image, to.sink());
            print(image.digest(), json);
        }
        return 0;
    }

    @Command(
            name = "sign",
            description =
                    "Sign an image in a registry, as cosign does: the signature is kept beside it, and a Realm checks"
                            + " it if its initdata asks for one (image-policy).")
    int sign(
            @Mixin ImagePlaces places,
            @Parameters(paramLabel = "IMAGE", description = "[HOST[:PORT]/]REPOSITORY[:TAG].") String image,
            @Option(
                            names = "--key",
                            required = true,
                            paramLabel = "FILE",
                            description = "Private key, a PEM without a passphrase.")
                    Path key,
            @Option(
                            names = "--as",
                            paramLabel = "NAME",
                            description = "HOST/REPOSITORY to sign it as (default: as it is named here).")
                    Optional<String> identity,
            @Option(
                            names = "--form",
                            paramLabel = "FORM",
                            defaultValue = "tag",
                            description = "How it is kept: tag (which all tools read), referrer, or bundle, as cosign"
                                    + " 3 does (default: ${DEFAULT-VALUE}).")
                    SignatureForm form,
            @Option(names = "--json", description = "Print the signed digest as JSON.") boolean json)
            throws IOException {
        try (ImagePlaces.Place place = places.open(image)) {
            print(new ImageSigning(place).sign(key, identity, form), json);
        }
        return 0;
    }

    @Command(
            name = "verify",
            description = "Check an image's signatures as a Realm does; exit code 1 if it is not admitted.")
    int verify(
            @Mixin ImagePlaces places,
            @Parameters(paramLabel = "IMAGE", description = "[HOST[:PORT]/]REPOSITORY[:TAG].") String image,
            @ArgGroup(multiplicity = "1") Verification by,
            @Option(names = "--json", description = "Print the image's digest as JSON.") boolean json)
            throws IOException {
        try (ImagePlaces.Place place = places.open(image)) {
            ImageSigning signing = new ImageSigning(place);
            Set<OciDigest> verified =
                    signing.verify(by.key == null ? signing.requirements(by.policy()) : ImageSigning.signedBy(by.key));
            print(verified.iterator().next(), json);
        }
        return 0;
    }

    /// What an image is held to.
    static final class Verification {
        @Option(names = "--key", paramLabel = "FILE", description = "A public key (PEM) that must have signed it.")
        @Nullable
        private Path key;

        @Option(names = "--policy", paramLabel = "FILE", description = "A policy.json; its keyPaths are files.")
        @Nullable
        private Path policy;

        private Path policy() {
            return Objects.requireNonNull(policy);
        }
    }

    @Command(name = "inspect", description = "Print what an image consists of.")
    int inspect(
            @Mixin ImagePlaces places,
            @Parameters(paramLabel = "IMAGE", description = "oci:FOLDER[:NAME] or a reference.") String image,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        try (ImagePlaces.Place place = places.open(image)) {
            InspectedImage inspected = InspectedImage.of(place);
            caller.out().println(json ? JsonText.of(inspected) : inspected.text());
        }
        return 0;
    }

    private void print(OciDigest digest, boolean json) {
        caller.out().println(json ? JsonText.of(Map.of("digest", digest.toString())) : digest);
    }
}
