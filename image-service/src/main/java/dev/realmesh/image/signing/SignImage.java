// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.signing;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.SignatureImage;
import dev.realmesh.oci.signature.SigningKey;
import dev.realmesh.oci.signature.SimpleSigning;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Adds a signature to those beside an image, as `cosign sign --key` does.
public final class SignImage {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SigningKey key;

    /// Signs by a key.
    public SignImage(SigningKey key) {
        this.key = key;
    }

    /// Signs a statement, and writes it after the signatures that there are.
    ///
    /// @param before layers of the signature image as it was; empty if there was none
    /// @param target the image [SignatureImage#tag]
    /// @return the signature image's manifest
    /// @throws IOException if it cannot be written
    public Descriptor sign(SimpleSigning statement, List<Descriptor> before, ImageSink target) throws IOException {
        CosignSignature signature = key.sign(statement);
        byte[] payload = signature.payload();
        Descriptor layer = new Descriptor(
                SignatureImage.LAYER,
                OciDigest.of(payload),
                payload.length,
                Map.of(SignatureImage.SIGNATURE, Base64.getEncoder().encodeToString(signature.signature())));
        List<Descriptor> layers = new ArrayList<>(before);
        layers.add(layer);
        target.putBlob(layer, new ByteArrayInputStream(payload));
        byte[] config = config(layers);
        Descriptor configured = new Descriptor(MediaTypes.OCI_CONFIG, OciDigest.of(config), config.length, Map.of());
        target.putBlob(configured, new ByteArrayInputStream(config));
        byte[] content = manifest(configured, layers);
        Descriptor manifest = new Descriptor(MediaTypes.OCI_MANIFEST, OciDigest.of(content), content.length, Map.of());
        target.putManifest(manifest, content);
        return manifest;
    }

    private static byte[] config(List<Descriptor> layers) {
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
        return JSON.writeValueAsBytes(config);
    }

    private static byte[] manifest(Descriptor config, List<Descriptor> layers) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", MediaTypes.OCI_MANIFEST);
        manifest.put("config", json(config));
        manifest.put("layers", layers.stream().map(SignImage::json).toList());
        return JSON.writeValueAsBytes(manifest);
    }

    private static Map<String, Object> json(Descriptor descriptor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mediaType", descriptor.mediaType());
        json.put("size", descriptor.size());
        json.put("digest", descriptor.digest().toString());
        if (!descriptor.annotations().isEmpty()) {
            json.put("annotations", descriptor.annotations());
        }
        return json;
    }
}
