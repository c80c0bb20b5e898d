// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrustVector;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a policy asks for. It can only lower: what is better than the scheme's verdict is left out.
///
/// @param status the worst that the status may be left at; absent: as it is
/// @param claims values of the trust vector, -128 to 127
/// @param added further policy claims, as JSON values
/// @param reason one line for people; empty if there is none
public record Effect(
        Optional<TrustTier> status, Map<TrustClaim, Integer> claims, Map<String, Object> added, String reason) {
    private static final String PROBLEM = "problem";

    public Effect {
        claims = Map.copyOf(claims);
        added = Map.copyOf(added);
    }

    /// That the policy could not be applied: a no.
    public static Effect failed(String reason) {
        return new Effect(Optional.of(TrustTier.CONTRAINDICATED), Map.of(), Map.of(), reason);
    }

    /// An appraisal with this effect.
    public SubmodAppraisal on(SubmodAppraisal appraisal) {
        TrustVector vector = appraisal.vector();
        for (Map.Entry<TrustClaim, Integer> claim : claims.entrySet()) {
            if (TrustTier.isWorse(claim.getValue(), vector.get(claim.getKey()))) {
                vector = vector.with(claim.getKey(), claim.getValue());
            }
        }
        TrustTier lowered = appraisal.status().worseVerdict(vector.tier());
        Map<String, Object> policyClaims = new TreeMap<>(added);
        policyClaims.putAll(appraisal.policyClaims());
        if (!reason.isEmpty()) {
            policyClaims.put(PROBLEM, appraisal.problem().isEmpty() ? reason : appraisal.problem() + "; " + reason);
        }
        return new SubmodAppraisal(
                status.map(lowered::worseVerdict).orElse(lowered),
                vector,
                appraisal.policyId(),
                policyClaims,
                appraisal.annotatedEvidence());
    }
}
