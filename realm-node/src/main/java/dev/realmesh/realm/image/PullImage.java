// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Index;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.oci.unpack.NoRoomException;
import dev.realmesh.oci.unpack.UnpackImage;
import dev.realmesh.oci.unpack.UnpackLimits;
import dev.realmesh.oci.unpack.UnpackReport;
import dev.realmesh.realm.secret.SecretClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Pulls an image in three steps: [#resolve] finds out what it is and whether it may run, before a key or a layer is
/// asked
/// for; [#openKeys] gets all keys, before a layer is asked for; [#unpack] streams the layers. Every byte is checked
/// against
/// the digest that named it.
public final class PullImage {
    private final ImageSource source;
    private final SecretClient secrets;
    private final ImageAdmission admission;
    private final Platform platform;
    private final InstantSource clock;

    /// Pulls what a policy admits.
    ///
    /// @param source where images come from
    /// @param secrets where keys come from
    /// @param policy the image policy of the Realm's initdata
    /// @param platform what images must be for
    public PullImage(
            ImageSource source, SecretClient secrets, ImagePolicy policy, Platform platform, InstantSource clock) {
        this.source = source;
        this.secrets = secrets;
        this.admission = new ImageAdmission(policy, new ImageSignatures(source, secrets));
        this.platform = platform;
        this.clock = clock;
    }

    /// Resolves a reference to manifest and configuration, through an index if need be.
    ///
    /// @throws OciException if a document is not what its digest says, or cannot be used
    /// @throws ImageException if there is no such image, the policy does not admit it, or it does not run here
    public ResolvedImage resolve(Reference reference) {
        ServedManifest served = source.manifest(reference);
        OciDigest digest = reference.version() instanceof Reference.ByDigest named ? named.digest() : served.digest();
        byte[] document = served.checked(digest);
        Set<OciDigest> digests = new LinkedHashSet<>(Set.of(digest));
        if (MediaTypes.isIndex(served.mediaType())) {
            Descriptor chosen = Index.parse(document).choose(platform);
            digest = chosen.digest();
            document = source.manifest(reference.with(new Reference.ByDigest(digest)))
                    .checked(digest);
            digests.add(digest);
        }
        Manifest manifest = Manifest.parse(document);
        admission.check(reference, digests, manifest);
        return new ResolvedImage(reference, digest, manifest, config(reference, manifest));
    }

    /// Gets the keys that the image's layers name, and sees that they open each layer.
    ///
    /// @param decryptionKeys resources that hold private keys, for layers that are wrapped for a recipient
    /// @throws dev.realmesh.realm.attest.BrokerException if a layer stays closed because the broker refused its key
    /// @throws dev.realmesh.realm.secret.SecretException if the host answered in the broker's place
    /// @throws OciException if a layer's wrapping is unusable or no key opens it
    public ImageKeys openKeys(ResolvedImage image, List<ResourceUri> decryptionKeys) {
        ImageKeys keys = new ImageKeys(secrets, decryptionKeys);
        LayerDecryption decryption = new LayerDecryption(keys);
        try {
            for (Descriptor layer : image.manifest().layers()) {
                decryption.decrypt(layer, InputStream.nullInputStream());
            }
        } catch (OciException.NoKeyFits none) {
            throw keys.firstRefusal().orElse(none);
        }
        return keys;
    }

    /// Streams the layers into a root file system, which appears only when all of them were right.
    ///
    /// @param rootfs must not exist, its parent must
    /// @throws OciException if a layer is not what it should be; nothing is left of it then
    /// @throws ImageException.NoRoom if it does not fit into the Realm, or image service has no room for it; likewise
    /// @throws ImageException.Unavailable if a layer cannot be had, or not written; likewise
    public PullReport unpack(ResolvedImage image, ImageKeys keys, Path rootfs, PullProgress progress) {
        MeteredBlobs blobs = new MeteredBlobs(source.blobs(image.reference()), progress, clock);
        try {
            UnpackReport report = new UnpackImage(blobs, new LayerDecryption(keys), UnpackLimits.defaults())
                    .unpack(image.manifest(), image.config(), rootfs);
            return new PullReport(blobs.bytes(), blobs.lastByte(), report);
        } catch (NoRoomException full) {
            throw new ImageException.NoRoom(
                    "layers of %s: no room left in the Realm, whose memory has %d MiB for files (expected: more memory, by --memory; half of it is for files)"
                            .formatted(image.reference(), full.fileSystemBytes() >> 20),
                    full);
        } catch (IOException | UncheckedIOException e) {
            throw new ImageException.Unavailable("layers of " + image.reference() + ": " + e.getMessage(), e);
        }
    }

    private ImageConfig config(Reference reference, Manifest manifest) {
        BlobSource blobs = source.blobs(reference);
        try {
            ImageConfig config = ImageConfig.parse(blobs.read(manifest.config(), ImageConfig.MAX_BYTES));
            checkRunsHere(config.platform());
            if (config.diffIds().size() != manifest.layers().size()) {
                throw new OciException.Malformed(
                        "image configuration: " + config.diffIds().size() + " diff_ids (expected: one for each of "
                                + manifest.layers().size() + " layers)");
            }
            return config;
        } catch (IOException | UncheckedIOException e) {
            throw new ImageException.Unavailable("configuration of " + reference + ": " + e.getMessage(), e);
        }
    }

    private void checkRunsHere(Platform offered) {
        if (!offered.os().equals(platform.os()) || !offered.architecture().equals(platform.architecture())) {
            throw new ImageException.NotRunnable("image is for " + offered.os() + "/" + offered.architecture()
                    + " (expected: " + platform.os() + "/" + platform.architecture() + ")");
        }
    }
}
