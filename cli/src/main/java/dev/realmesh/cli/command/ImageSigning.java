// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.image.signing.SignImage;
import dev.realmesh.image.signing.SignatureArtifact;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import dev.realmesh.oci.policy.PolicyEvaluation;
import dev.realmesh.oci.policy.PolicyRequirement;
import dev.realmesh.oci.policy.SecurityPolicy;
import dev.realmesh.oci.policy.SignedIdentity;
import dev.realmesh.oci.registry.RegistryClientException;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.SignatureImage;
import dev.realmesh.oci.signature.SigningKey;
import dev.realmesh.oci.signature.SimpleSigning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Signs an image, and checks its signatures as a Realm does; keys are in files.
record ImageSigning(ImagePlaces.Place place) implements PolicyEvaluation.Keys, PolicyEvaluation.Signatures {
    private static final int MAX_FILE_BYTES = SecurityPolicy.MAX_BYTES;

    /// Signs what the place's name stands for now: a manifest, or an index with all that is in it.
    ///
    /// @param identity what to sign it as; absent: its own name
    /// @return the signed digest
    OciDigest sign(Path key, Optional<String> identity, SignatureForm form) throws IOException {
        if (form == SignatureForm.BUNDLE && identity.isPresent()) {
            throw new CommandException.WrongUse("--as: a bundle has no name in it (expected: --form tag or referrer)");
        }
        Descriptor image = place.image();
        OciDigest digest = image.digest();
        SimpleSigning statement =
                new SimpleSigning(identity.orElseGet(() -> place.reference().name()), digest);
        SignImage signing = new SignImage(SigningKey.parse(text(key)));
        switch (form) {
            case TAG -> {
                ImagePlaces.Place beside = place.beside(SignatureImage.tag(digest));
                signing.tagged(statement, signatureLayers(beside)).writeTo(beside.sink());
            }
            case REFERRER -> write(signing.referring(statement, image));
            case BUNDLE -> write(signing.bundled(image));
        }
        return digest;
    }

    private void write(SignatureArtifact about) throws IOException {
        OciDigest digest = about.manifest().descriptor().digest();
        about.writeTo(place.beside(new Reference.ByDigest(digest)).sink());
    }

    /// Refuses an image that a policy does not admit.
    ///
    /// @return the digests that were looked at, that of an index first
    Set<OciDigest> verify(List<PolicyRequirement> requirements) throws IOException {
        Descriptor image = place.image();
        Set<OciDigest> digests = new LinkedHashSet<>(Set.of(image.digest()));
        if (MediaTypes.isIndex(image.mediaType())) {
            digests.add(place.manifest(Platform.current()).digest());
        }
        new PolicyEvaluation(this, this).require(requirements, place.reference(), digests);
        return digests;
    }

    /// What a policy.json asks of the image.
    List<PolicyRequirement> requirements(Path policy) throws IOException {
        return SecurityPolicy.parse(text(policy).getBytes(StandardCharsets.UTF_8))
                .of(place.reference());
    }

    /// That a key signed the image.
    static List<PolicyRequirement> signedBy(Path key) throws IOException {
        return List.of(new PolicyRequirement.SigstoreSigned(
                List.of(new PolicyRequirement.Key.Pem(text(key))), new SignedIdentity.Any()));
    }

    @Override
    public String at(String path) throws IOException {
        if (path.contains("://")) {
            throw new CommandException.WrongUse(
                    "keyPath: " + path + " (expected here: a file; what is in key-broker, only a Realm gets)");
        }
        return text(Path.of(path));
    }

    @Override
    public List<CosignSignature> of(Reference image, OciDigest digest) throws IOException {
        ImagePlaces.Place beside = place.beside(SignatureImage.tag(digest));
        List<CosignSignature> signatures = new ArrayList<>();
        Optional<Manifest> tagged = signatureImage(beside);
        if (tagged.isPresent()) {
            signatures.addAll(SignatureImage.read(tagged.get(), beside.source()));
        }
        List<ReferrerDescriptor> referrers = place.referrers(digest).stream()
                .filter(each -> SignatureImage.ARTIFACT_TYPES.contains(each.artifactType()))
                .toList();
        if (referrers.size() > SignatureImage.MAX_REFERRERS) {
            throw new OciException.LimitExceeded("signatures about " + digest, SignatureImage.MAX_REFERRERS);
        }
        for (ReferrerDescriptor referrer : referrers) {
            signatures.addAll(referring(referrer.manifest().digest(), digest));
        }
        return signatures;
    }

    private List<CosignSignature> referring(OciDigest referrer, OciDigest subject) throws IOException {
        ImagePlaces.Place beside = place.beside(new Reference.ByDigest(referrer));
        byte[] manifest = beside.source().read(beside.image(), Manifest.MAX_BYTES);
        return SignatureImage.readReferrer(subject, manifest, beside.source());
    }

    private static List<Descriptor> signatureLayers(ImagePlaces.Place beside) throws IOException {
        return signatureImage(beside).map(Manifest::layers).orElse(List.of());
    }

    private static Optional<Manifest> signatureImage(ImagePlaces.Place beside) throws IOException {
        try {
            return Optional.of(Manifest.parse(beside.source().read(beside.image(), Manifest.MAX_BYTES)));
        } catch (RegistryClientException.NotFound unsigned) {
            return Optional.empty();
        }
    }

    private static String text(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.size(file) > MAX_FILE_BYTES) {
            throw new CommandException.WrongUse(
                    file + ": not there, or too large (expected: a PEM or policy.json of at most " + MAX_FILE_BYTES
                            + " bytes)");
        }
        return Files.readString(file);
    }
}
