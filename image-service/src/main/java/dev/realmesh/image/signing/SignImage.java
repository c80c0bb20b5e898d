// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.signing;

import dev.realmesh.image.signing.SignatureArtifact.Content;
import dev.realmesh.oci.Base64Text;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.InTotoStatement;
import dev.realmesh.oci.signature.SignatureImage;
import dev.realmesh.oci.signature.SigningKey;
import dev.realmesh.oci.signature.SigstoreBundle;
import dev.realmesh.oci.signature.SimpleSigning;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Signs images, as `cosign sign --key` does in each of its ways to keep a signature.
public final class SignImage {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

    private final SigningKey key;

    /// Signs by a key.
    public SignImage(SigningKey key) {
        this.key = key;
    }

    /// A signature after those that there are, in the image that [SignatureImage#tag] names.
    ///
    /// @param before layers of that image as it was; empty if there was none
    public SignatureArtifact tagged(SimpleSigning statement, List<Descriptor> before) {
        Content layer = layer(statement);
        List<Descriptor> layers = new ArrayList<>(before);
        layers.add(layer.descriptor());
        Content config = config(MediaTypes.OCI_CONFIG, layers);
        return artifact(List.of(layer, config), manifest(config.descriptor(), layers));
    }

    /// A signature in an image of its own, about the signed one: cosign's `--registry-referrers-mode=oci-1-1`.
    ///
    /// @param signed the manifest or index
    public SignatureArtifact referring(SimpleSigning statement, Descriptor signed) {
        Content layer = layer(statement);
        List<Descriptor> layers = List.of(layer.descriptor());
        Content config = config(SignatureImage.ARTIFACT_TYPE, layers);
        Map<String, Object> manifest = manifest(config.descriptor(), layers);
        manifest.put("subject", signed.toJson());
        manifest.put("artifactType", SignatureImage.ARTIFACT_TYPE);
        return artifact(List.of(layer, config), manifest);
    }

    /// A [SigstoreBundle] in an image about the signed one: cosign's `--new-bundle-format`.
    ///
    /// @param signed the manifest or index
    public SignatureArtifact bundled(Descriptor signed) {
        CosignSignature signature = key.sign(new InTotoStatement(Set.of(signed.digest())));
        Content bundle = content(SigstoreBundle.MEDIA_TYPE, SigstoreBundle.toJson(signature), Map.of());
        Content config = content(EMPTY_TYPE, EMPTY, Map.of());
        Map<String, Object> manifest = manifest(config.descriptor(), List.of(bundle.descriptor()));
        manifest.put("subject", signed.toJson());
        manifest.put(
                "annotations",
                Map.of(
                        "dev.sigstore.bundle.content",
                        "dsse-envelope",
                        SigstoreBundle.PREDICATE_TYPE,
                        InTotoStatement.SIGNED));
        manifest.put("artifactType", SigstoreBundle.MEDIA_TYPE);
        return artifact(List.of(bundle, config), manifest);
    }

    private Content layer(SimpleSigning statement) {
        CosignSignature signature = key.sign(statement);
        return content(
                SignatureImage.LAYER,
                signature.payload(),
                Map.of(SignatureImage.SIGNATURE, Base64Text.encode(signature.signature())));
    }

    private static Content config(String mediaType, List<Descriptor> layers) {
        Map<String, Object> rootfs = new LinkedHashMap<>();
        rootfs.put("type", "layers");
        rootfs.put(
                "diff_ids",
                layers.stream().map(each -> each.digest().toString()).toList());
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architecture", "");
        config.put("os", "");
        config.put("rootfs", rootfs);
        config.put("config", Map.of());
        return content(mediaType, JSON.writeValueAsBytes(config), Map.of());
    }

    private static Map<String, Object> manifest(Descriptor config, List<Descriptor> layers) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", MediaTypes.OCI_MANIFEST);
        manifest.put("config", config.toJson());
        manifest.put("layers", layers.stream().map(Descriptor::toJson).toList());
        return manifest;
    }

    private static SignatureArtifact artifact(List<Content> blobs, Map<String, Object> manifest) {
        return new SignatureArtifact(
                blobs, content(MediaTypes.OCI_MANIFEST, JSON.writeValueAsBytes(manifest), Map.of()));
    }

    private static Content content(String mediaType, byte[] bytes, Map<String, String> annotations) {
        return new Content(new Descriptor(mediaType, OciDigest.of(bytes), bytes.length, annotations), bytes);
    }
}
