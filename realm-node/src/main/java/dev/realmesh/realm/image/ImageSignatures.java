// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.policy.PolicyEvaluation;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.SignatureImage;
import dev.realmesh.realm.secret.SecretClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What image policies refer to, as a Realm gets it: keys and policies from key-broker, signatures from where the image
/// comes from.
final class ImageSignatures implements PolicyEvaluation.Keys, PolicyEvaluation.Signatures {
    private final ImageSource source;
    private final SecretClient secrets;

    ImageSignatures(ImageSource source, SecretClient secrets) {
        this.source = source;
        this.secrets = secrets;
    }

    @Override
    public String at(String path) {
        return new String(resource(ResourceUri.parse(path)), StandardCharsets.UTF_8);
    }

    /// What key-broker has there.
    byte[] resource(ResourceUri uri) {
        try (SecretBytes content = secrets.get(uri.path())) {
            return content.reveal();
        }
    }

    /// Those beside the image, by cosign's tag, and those that name it as their subject.
    @Override
    public List<CosignSignature> of(Reference image, OciDigest digest) throws IOException {
        List<CosignSignature> signatures = new ArrayList<>(tagged(image.with(SignatureImage.tag(digest))));
        for (String type : SignatureImage.ARTIFACT_TYPES) {
            for (OciDigest referrer : source.referrers(image, digest, type)) {
                signatures.addAll(referring(image.with(new Reference.ByDigest(referrer)), referrer, digest));
            }
        }
        return signatures;
    }

    private List<CosignSignature> tagged(Reference beside) throws IOException {
        ServedManifest served;
        try {
            served = source.manifest(beside);
        } catch (ImageException.NotFound unsigned) {
            return List.of();
        }
        return SignatureImage.read(Manifest.parse(served.checked(served.digest())), source.blobs(beside));
    }

    /// A list of referrers is the host's word: what a manifest itself says counts.
    private List<CosignSignature> referring(Reference reference, OciDigest referrer, OciDigest subject)
            throws IOException {
        byte[] manifest = source.manifest(reference).checked(referrer);
        return SignatureImage.readReferrer(subject, manifest, source.blobs(reference));
    }
}
