// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.policy.PolicyEvaluation;
import dev.realmesh.oci.policy.PolicyRequirement;
import dev.realmesh.oci.policy.PolicyRequirement.SigstoreSigned;
import dev.realmesh.oci.policy.SecurityPolicy;
import dev.realmesh.oci.policy.SignedIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// Decides by the image policy of the Realm's initdata whether an image may run. What costs nothing is asked first.
final class ImageAdmission {
    private final ImagePolicy policy;
    private final ImageSignatures signatures;
    private final PolicyEvaluation evaluation;

    ImageAdmission(ImagePolicy policy, ImageSignatures signatures) {
        this.policy = policy;
        this.signatures = signatures;
        this.evaluation = new PolicyEvaluation(signatures, signatures);
    }

    /// Admits an image.
    ///
    /// @param digests of its manifest, and of the index that it was chosen from
    /// @throws ImageException.Refused if the policy says no
    /// @throws ImageException.Unavailable if a signature cannot be had
    /// @throws dev.realmesh.realm.attest.BrokerException if key-broker gives out no policy, or no key
    void check(Reference image, Set<OciDigest> digests, Manifest manifest) {
        if (!policy.manifestDigests().isEmpty()
                && digests.stream().map(OciDigest::toString).noneMatch(policy.manifestDigests()::contains)) {
            throw new ImageException.Refused("image-policy: manifest " + digests
                    + " (expected: one of manifest-digests in the Realm's initdata)");
        }
        if (policy.requireEncryption()) {
            manifest.layers().forEach(ImageAdmission::requireEncrypted);
        }
        try {
            if (!policy.signatureKeys().isEmpty()) {
                evaluation.require(List.of(signedByOneOf(policy.signatureKeys())), image, digests);
            }
            if (policy.securityPolicy().isPresent()) {
                evaluation.require(securityPolicy(policy.securityPolicy().get()).of(image), image, digests);
            }
        } catch (OciException.NotAdmitted refused) {
            throw new ImageException.Refused("image-policy: " + refused.getMessage());
        } catch (IOException | UncheckedIOException e) {
            throw new ImageException.Unavailable("signatures of " + image + ": " + e.getMessage(), e);
        }
    }

    private SecurityPolicy securityPolicy(String here) {
        return SecurityPolicy.parse(policy.securityPolicyUri()
                .map(signatures::resource)
                .orElseGet(() -> here.getBytes(StandardCharsets.UTF_8)));
    }

    /// Under whatever name.
    private static PolicyRequirement signedByOneOf(List<String> pems) {
        List<PolicyRequirement.Key> keys = pems.stream()
                .<PolicyRequirement.Key>map(PolicyRequirement.Key.Pem::new)
                .toList();
        return new SigstoreSigned(keys, new SignedIdentity.Any());
    }

    private static void requireEncrypted(Descriptor layer) {
        if (!LayerFormat.of(layer.mediaType()).encrypted()) {
            throw new ImageException.Refused(
                    "image-policy: layer " + layer.digest()
                            + " is not encrypted (expected: encrypted layers, or require-encryption = false in the Realm's initdata)");
        }
    }
}
