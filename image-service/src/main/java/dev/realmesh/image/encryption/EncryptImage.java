// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.encryption;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Index;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.LayerEncryption;
import dev.realmesh.oci.crypt.Recipient;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Copies an image and encrypts all its layers on the way, each with a key of its own for the same recipients. The
/// configuration stays as it is: it is not secret, and holds the digests of the plain layers.
///
/// ```java
/// OciLayout source = OciLayout.open(folder);
/// new EncryptImage(List.of(new Recipient.KeyBroker("kbs:///default/image-kek/1", kek)), new SecureRandom())
///         .copy(source, source.image("latest"), Platform.current(), OciLayoutWriter.open(target, "latest"));
/// ```
public final class EncryptImage {
    private final LayerEncryption encryption;

    /// For those recipients.
    ///
    /// @throws OciException.Unsupported if there is none
    public EncryptImage(List<Recipient> recipients, SecureRandom random) {
        this.encryption = new LayerEncryption(recipients, random);
    }

    /// Copies the image. Only ciphertext is ever written.
    ///
    /// @param image manifest, or index to choose from
    /// @param platform which manifest of an index
    /// @return the encrypted image's manifest
    /// @throws OciException if the image is not what its descriptors say, or has encrypted layers already
    /// @throws IOException if it cannot be read or written
    public Descriptor copy(BlobSource source, Descriptor image, Platform platform, ImageSink target)
            throws IOException {
        Descriptor chosen = MediaTypes.isIndex(image.mediaType())
                ? Index.parse(source.read(image, Manifest.MAX_BYTES)).choose(platform)
                : image;
        byte[] plainManifest = source.read(chosen, Manifest.MAX_BYTES);
        Manifest manifest = Manifest.parse(plainManifest);
        List<Descriptor> encrypted = new ArrayList<>();
        for (Descriptor layer : manifest.layers()) {
            encrypted.add(encryptLayer(source, layer, target));
        }
        try (InputStream config = source.open(manifest.config())) {
            target.putBlob(manifest.config(), config);
        }
        byte[] content = EncryptedManifest.of(plainManifest, encrypted);
        Descriptor result = new Descriptor(MediaTypes.OCI_MANIFEST, OciDigest.of(content), content.length, Map.of());
        target.putManifest(result, content);
        return result;
    }

    /// By way of a file, as the digest of the ciphertext is known only at its end.
    private Descriptor encryptLayer(BlobSource source, Descriptor layer, ImageSink target) throws IOException {
        Path ciphertext = Files.createTempFile("encrypted-layer-", null);
        try {
            Descriptor encrypted;
            try (InputStream plain = source.open(layer);
                    OutputStream out = Files.newOutputStream(ciphertext)) {
                encrypted = encryption.encrypt(layer, plain, out);
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(ciphertext))) {
                target.putBlob(encrypted, in);
            }
            return encrypted;
        } finally {
            Files.deleteIfExists(ciphertext);
        }
    }
}
