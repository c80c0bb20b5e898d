// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// What a policy is asked about: one submod of what the scheme found.
///
/// @param findings what the scheme found
/// @param submod the one in question
public record PolicyInput(Findings findings, String submod) {
    private static final Map<String, String> PARTS = Map.of("platform", Ear.PLATFORM, "realm", Ear.REALM);

    /// The scheme's appraisal of the submod.
    public SubmodAppraisal appraisal() {
        SubmodAppraisal appraisal = findings.submods().get(submod);
        if (appraisal == null) {
            throw new IllegalArgumentException("submod: " + submod + " (expected: one that was appraised)");
        }
        return appraisal;
    }

    /// The one document that policies of every language see, as JSON values: maps, lists, texts, `long`s. It is that of
    /// Veraison's policies, and what those lack: the submod, the nonce in the encoding of claims, short names in
    /// `result`, and the claims of the submod beside those of both parts in `evidence`.
    public Map<String, Object> document() {
        byte[] nonce = findings.nonce().toByteArray();
        return Map.of(
                "scheme", PolicyScheme.ARM_CCA.name(),
                "submod", submod,
                "nonce", findings.nonce().base64(),
                "session", Map.of("nonce", Base64.getUrlEncoder().encodeToString(nonce)),
                "result", result(),
                "evidence", evidence(),
                "endorsements", findings.endorsements().get());
    }

    private Map<String, Object> result() {
        SubmodAppraisal appraisal = appraisal();
        Map<String, Object> result = new TreeMap<>();
        result.put("status", appraisal.status().earName());
        result.put("vector", claims());
        result.put("problem", appraisal.problem());
        result.put("ear.status", appraisal.status().earName());
        result.put("ear.trustworthiness-vector", claims());
        result.put("ear.appraisal-policy-id", appraisal.policyId());
        result.put("ear.veraison.policy-claims", appraisal.policyClaims());
        result.put("ear.veraison.annotated-evidence", appraisal.annotatedEvidence());
        return result;
    }

    private Map<String, Object> evidence() {
        Map<String, Object> evidence = new TreeMap<>(appraisal().annotatedEvidence());
        PARTS.forEach((part, name) -> {
            SubmodAppraisal of = findings.submods().get(name);
            if (of != null) {
                evidence.put(part, of.annotatedEvidence());
            }
        });
        return evidence;
    }

    private Map<String, Object> claims() {
        Map<String, Object> claims = new TreeMap<>();
        for (TrustClaim claim : TrustClaim.values()) {
            claims.put(claim.earName(), (long) appraisal().vector().get(claim));
        }
        return claims;
    }
}
