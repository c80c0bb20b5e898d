// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.policy.PolicyRequirement.InsecureAcceptAnything;
import dev.realmesh.oci.policy.PolicyRequirement.Reject;
import dev.realmesh.oci.policy.PolicyRequirement.SigstoreSigned;
import dev.realmesh.oci.policy.PolicyRequirement.Unmeetable;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.ImageStatement;
import dev.realmesh.oci.signature.VerificationKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Holds images to requirements. One signature by the asked key, for the image's digest and the asked name, is enough;
/// what others signed beside it does no harm.
///
/// @param keys where public keys are
/// @param signatures where signatures are
public record PolicyEvaluation(Keys keys, Signatures signatures) {
    /// Where public keys are.
    @FunctionalInterface
    public interface Keys {
        /// The PEM at a `keyPath`.
        ///
        /// @throws IOException if it cannot be had
        String at(String path) throws IOException;
    }

    /// Where signatures are.
    @FunctionalInterface
    public interface Signatures {
        /// Those beside the manifest or index of an image; none if there are none.
        ///
        /// @throws IOException if they cannot be had
        List<CosignSignature> of(Reference image, OciDigest digest) throws IOException;
    }

    /// Refuses an image that does not meet all requirements.
    ///
    /// @param digests of its manifest, and of the index that it was chosen from
    /// @throws OciException.NotAdmitted if it does not
    /// @throws OciException if a key or a signature image is malformed
    /// @throws IOException if a key or a signature cannot be had
    public void require(List<PolicyRequirement> requirements, Reference image, Set<OciDigest> digests)
            throws IOException {
        for (PolicyRequirement requirement : requirements) {
            switch (requirement) {
                case InsecureAcceptAnything anything -> {}
                case Reject reject -> throw new OciException.NotAdmitted(image + ": rejected by the image policy");
                case Unmeetable unmeetable -> throw new OciException.NotAdmitted(image + ": " + unmeetable.why());
                case SigstoreSigned signed -> requireSigned(signed, image, digests);
            }
        }
    }

    private void requireSigned(SigstoreSigned required, Reference image, Set<OciDigest> digests) throws IOException {
        List<CosignSignature> all = new ArrayList<>();
        for (OciDigest digest : digests) {
            all.addAll(signatures.of(image, digest));
        }
        String problem = "has no signature by the asked key";
        for (PolicyRequirement.Key each : required.keys()) {
            VerificationKey key = VerificationKey.parse(pem(each));
            for (ImageStatement signed : statements(all, key)) {
                if (Collections.disjoint(digests, signed.digests())) {
                    problem = "is signed with another digest, " + signed.digests();
                } else if (!required.identity().accepts(image, signed.name())) {
                    problem = signed.name()
                            .map(name -> "is signed as " + name)
                            .orElse("is signed by a bundle, which has no signedIdentity");
                } else {
                    return;
                }
            }
        }
        throw new OciException.NotAdmitted(
                image + ": " + problem + " (expected: a cosign signature of " + digests + " as the image policy asks)");
    }

    private static List<ImageStatement> statements(List<CosignSignature> signatures, VerificationKey key) {
        return signatures.stream()
                .filter(key::verifies)
                .map(CosignSignature::statement)
                .flatMap(Optional::stream)
                .toList();
    }

    private String pem(PolicyRequirement.Key key) throws IOException {
        return switch (key) {
            case PolicyRequirement.Key.At at -> keys.at(at.path());
            case PolicyRequirement.Key.Pem pem -> pem.text();
        };
    }
}
