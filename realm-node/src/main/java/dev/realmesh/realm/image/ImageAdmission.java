// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import java.util.Set;

/// Decides by the image policy of the Realm's initdata whether an image may run; what the policy asks for and this
/// Realm
/// cannot check is refused.
final class ImageAdmission {
    private final ImagePolicy policy;

    ImageAdmission(ImagePolicy policy) {
        this.policy = policy;
    }

    /// Admits an image.
    ///
    /// @param digests of its manifest, and of the index that it was chosen from
    /// @throws ImageException.Refused if the policy says no
    void check(Set<OciDigest> digests, Manifest manifest) {
        if (!policy.signatureKeys().isEmpty()) {
            throw new ImageException.Refused(
                    "image-policy: signature-keys are set, and this Realm cannot verify signatures (expected: manifest-digests)");
        }
        if (!policy.manifestDigests().isEmpty()
                && digests.stream().map(OciDigest::toString).noneMatch(policy.manifestDigests()::contains)) {
            throw new ImageException.Refused("image-policy: manifest " + digests
                    + " (expected: one of manifest-digests in the Realm's initdata)");
        }
        if (policy.requireEncryption()) {
            manifest.layers().forEach(ImageAdmission::requireEncrypted);
        }
    }

    private static void requireEncrypted(Descriptor layer) {
        if (!LayerFormat.of(layer.mediaType()).encrypted()) {
            throw new ImageException.Refused(
                    "image-policy: layer " + layer.digest()
                            + " is not encrypted (expected: encrypted layers, or require-encryption = false in the Realm's initdata)");
        }
    }
}
