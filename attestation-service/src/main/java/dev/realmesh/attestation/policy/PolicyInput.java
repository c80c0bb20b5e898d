// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import java.util.Map;
import java.util.TreeMap;

/// What a policy is asked about: one submod of what the scheme found.
///
/// @param nonce what the evidence had to be fresh for
/// @param submods all appraisals of the scheme, by submod
/// @param submod the one in question
public record PolicyInput(Bytes nonce, Map<String, SubmodAppraisal> submods, String submod) {
    /// The attestation scheme.
    public static final String SCHEME = "ARM_CCA";

    /// The scheme's appraisal of the submod.
    public SubmodAppraisal appraisal() {
        SubmodAppraisal appraisal = submods.get(submod);
        if (appraisal == null) {
            throw new IllegalArgumentException("submod: " + submod + " (expected: one that was appraised)");
        }
        return appraisal;
    }

    /// The values of the trust vector by their names in an EAR.
    public Map<String, Long> claims() {
        Map<String, Long> claims = new TreeMap<>();
        for (TrustClaim claim : TrustClaim.values()) {
            claims.put(claim.earName(), (long) appraisal().vector().get(claim));
        }
        return claims;
    }
}
