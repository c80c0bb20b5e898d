// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.Referrer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The image that holds signatures of another one: each is a layer, its payload the layer's bytes. It is found by a tag
/// that is made of the other one's digest (cosign, "Signature Spec"), or names the other one as its subject (cosign's
/// `--registry-referrers-mode=oci-1-1`). Since its version 3 cosign keeps each in a [SigstoreBundle] instead, the layer
/// of an image with a subject.
public final class SignatureImage {
    /// Media type of a layer with a payload.
    public static final String LAYER = "application/vnd.dev.cosign.simplesigning.v1+json";

    /// Type of the image where it has a subject: media type of its configuration.
    public static final String ARTIFACT_TYPE = "application/vnd.dev.cosign.artifact.sig.v1+json";

    /// Types of all images with a subject that may have signatures.
    public static final List<String> ARTIFACT_TYPES = List.of(ARTIFACT_TYPE, SigstoreBundle.MEDIA_TYPE);

    /// Annotation with a layer's signature, base64.
    public static final String SIGNATURE = "dev.cosignproject.cosign/signature";

    /// Most manifests about one image that are looked at.
    public static final int MAX_REFERRERS = 64;

    private static final int MAX_SIGNATURES = 64;
    private static final int MAX_SIGNATURE_CHARACTERS = 8 << 10;

    private SignatureImage() {}

    /// The tag of the signatures of the image with that digest, such as `sha256-<hex>.sig`.
    public static Reference.Tag tag(OciDigest signed) {
        return new Reference.Tag(signed.algorithm().prefix() + "-" + signed.hex() + ".sig");
    }

    /// The signatures in a manifest that is said to be about another one; none if it says otherwise itself.
    ///
    /// @throws OciException if it is no manifest; and as [#read]
    public static List<CosignSignature> readReferrer(OciDigest signed, byte[] manifest, BlobSource blobs)
            throws IOException {
        String type = Referrer.parse(manifest)
                .filter(referrer -> referrer.subject().equals(signed))
                .map(Referrer::artifactType)
                .orElse("");
        return switch (type) {
            case ARTIFACT_TYPE -> read(Manifest.parse(manifest), blobs);
            case SigstoreBundle.MEDIA_TYPE -> readBundles(Manifest.parse(manifest), blobs);
            default -> List.of();
        };
    }

    /// All signatures; what is none, such as a layer without the annotation, is left out.
    ///
    /// @throws OciException if there are more than 64, or a layer is not what its descriptor says
    /// @throws IOException if a layer cannot be had
    public static List<CosignSignature> read(Manifest manifest, BlobSource blobs) throws IOException {
        List<CosignSignature> signatures = new ArrayList<>();
        for (Descriptor layer : layers(manifest, LAYER)) {
            if (layer.annotations().getOrDefault(SIGNATURE, "").isEmpty()) {
                continue;
            }
            signatures.add(new CosignSignature(
                    StatementForm.SIMPLE_SIGNING,
                    blobs.read(layer, SimpleSigning.MAX_BYTES),
                    signature(layer.annotations().getOrDefault(SIGNATURE, ""))));
        }
        return List.copyOf(signatures);
    }

    /// Attestations are left out by what the manifest says of them, where it does, as they may be large.
    private static List<CosignSignature> readBundles(Manifest manifest, BlobSource blobs) throws IOException {
        String predicate = manifest.annotations().getOrDefault(SigstoreBundle.PREDICATE_TYPE, InTotoStatement.SIGNED);
        List<CosignSignature> signatures = new ArrayList<>();
        for (Descriptor layer : layers(manifest, SigstoreBundle.MEDIA_TYPE)) {
            if (predicate.equals(InTotoStatement.SIGNED) && layer.size() <= SigstoreBundle.MAX_BYTES) {
                SigstoreBundle.parse(blobs.read(layer, SigstoreBundle.MAX_BYTES))
                        .ifPresent(signatures::add);
            }
        }
        return List.copyOf(signatures);
    }

    private static List<Descriptor> layers(Manifest manifest, String mediaType) {
        List<Descriptor> layers = manifest.layers().stream()
                .filter(layer -> layer.mediaType().equals(mediaType))
                .toList();
        if (layers.size() > MAX_SIGNATURES) {
            throw new OciException.LimitExceeded("signatures of an image", MAX_SIGNATURES);
        }
        return layers;
    }

    /// Tools that wrap lines wrote some of them.
    private static byte[] signature(String base64) {
        if (base64.length() > MAX_SIGNATURE_CHARACTERS) {
            throw new OciException.LimitExceeded("characters of a signature", MAX_SIGNATURE_CHARACTERS);
        }
        try {
            return Base64.getDecoder().decode(base64.replace("\r", "").replace("\n", ""));
        } catch (IllegalArgumentException e) {
            throw new OciException.Malformed("signature: not base64 (expected: as cosign writes it)", e);
        }
    }
}
