// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.encryption;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Index;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.LayerEncryption;
import dev.realmesh.oci.crypt.Recipient;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Copies an image and encrypts its layers on the way, or some of them, each with a key of its own for the same
/// recipients; some layers at a time, in constant memory. The configuration stays as it is: it is not secret, and holds
/// the digests of the plain layers.
///
/// ```java
/// OciLayout source = OciLayout.open(folder);
/// new EncryptImage(List.of(new Recipient.KeyBroker("kbs:///default/image-kek/1", kek)), new SecureRandom())
///         .copy(source, source.image("latest"), Platform.current(), OciLayoutWriter.open(target, "latest"));
/// ```
public final class EncryptImage {
    /// As many as are unpacked at once.
    private static final int LAYERS_AT_ONCE = 3;

    private final LayerEncryption encryption;
    private final LayerSelection selection;

    /// All layers, for those recipients.
    ///
    /// @throws OciException.Unsupported if there is none
    public EncryptImage(List<Recipient> recipients, SecureRandom random) {
        this(recipients, LayerSelection.ALL, random);
    }

    /// Some layers, for those recipients; the others are copied as they are.
    ///
    /// @throws OciException.Unsupported if there is no recipient
    public EncryptImage(List<Recipient> recipients, LayerSelection selection, SecureRandom random) {
        this.encryption = new LayerEncryption(recipients, random);
        this.selection = selection;
    }

    /// Copies the image. Of the layers to encrypt, only ciphertext is ever written.
    ///
    /// @param image manifest, or index to choose from
    /// @param platform which manifest of an index
    /// @return the encrypted image's manifest
    /// @throws OciException if the image is not what its descriptors say, a layer to encrypt is encrypted already or
    /// not
    ///     there
    /// @throws IOException if it cannot be read or written
    public Descriptor copy(BlobSource source, Descriptor image, Platform platform, ImageSink target)
            throws IOException {
        Descriptor chosen = MediaTypes.isIndex(image.mediaType())
                ? Index.parse(source.read(image, Manifest.MAX_BYTES)).choose(platform)
                : image;
        byte[] plainManifest = source.read(chosen, Manifest.MAX_BYTES);
        Manifest manifest = Manifest.parse(plainManifest);
        List<Descriptor> layers = putLayers(source, manifest.layers(), target);
        target.putBlob(manifest.config(), source);
        byte[] content = EncryptedManifest.of(plainManifest, layers);
        Descriptor result = new Descriptor(MediaTypes.OCI_MANIFEST, OciDigest.of(content), content.length, Map.of());
        target.putManifest(result, content);
        return result;
    }

    private List<Descriptor> putLayers(BlobSource source, List<Descriptor> layers, ImageSink target)
            throws IOException {
        Set<Integer> chosen = selection.of(layers.size());
        chosen.forEach(index -> LayerFormat.encrypted(layers.get(index).mediaType()));
        ExecutorService workers =
                Executors.newFixedThreadPool(LAYERS_AT_ONCE, Thread.ofVirtual().factory());
        try {
            List<Future<Descriptor>> coming = new ArrayList<>();
            for (int i = 0; i < layers.size(); i++) {
                Descriptor layer = layers.get(i);
                boolean encrypted = chosen.contains(i);
                coming.add(workers.submit(
                        () -> encrypted ? encryptLayer(source, layer, target) : copyLayer(source, layer, target)));
            }
            List<Descriptor> put = new ArrayList<>();
            for (Future<Descriptor> layer : coming) {
                put.add(await(layer));
            }
            return put;
        } finally {
            workers.shutdownNow();
            workers.close();
        }
    }

    private Descriptor encryptLayer(BlobSource source, Descriptor layer, ImageSink target) throws IOException {
        try (InputStream plain = source.open(layer)) {
            return target.putBlob(ciphertext -> encryption.encrypt(layer, plain, ciphertext));
        }
    }

    private static Descriptor copyLayer(BlobSource source, Descriptor layer, ImageSink target) throws IOException {
        target.putBlob(layer, source);
        return new Descriptor(LayerFormat.oci(layer.mediaType()), layer.digest(), layer.size(), layer.annotations());
    }

    private static Descriptor await(Future<Descriptor> layer) throws IOException {
        try {
            return layer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("layer: " + e.getCause(), e);
        }
    }
}
