// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import dev.realmesh.cca.Bytes;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The appraisal of one part of the attester.
///
/// @param status the verdict
/// @param vector what it rests on
/// @param policyId the policy that made it
/// @param policyClaims what the policy adds, as JSON values; `problem` says in one line what is wrong
/// @param annotatedEvidence the claims that were appraised, as JSON values: byte strings in base64; empty if the
///     evidence was refused
public record SubmodAppraisal(
        TrustTier status,
        TrustVector vector,
        String policyId,
        Map<String, Object> policyClaims,
        Map<String, Object> annotatedEvidence) {
    private static final String PROBLEM = "problem";

    public SubmodAppraisal {
        policyClaims = Collections.unmodifiableMap(new TreeMap<>(policyClaims));
        annotatedEvidence = Collections.unmodifiableMap(new TreeMap<>(annotatedEvidence));
    }

    /// An appraisal whose verdict is the vector's, and that names a problem unless `problem` is empty.
    public static SubmodAppraisal of(TrustVector vector, String policyId, String problem) {
        Map<String, Object> claims = problem.isEmpty() ? Map.of() : Map.of(PROBLEM, problem);
        return new SubmodAppraisal(vector.tier(), vector, policyId, claims, Map.of());
    }

    /// This appraisal with the evidence that it is about.
    public SubmodAppraisal annotated(Map<String, Object> evidence) {
        return new SubmodAppraisal(status, vector, policyId, policyClaims, evidence);
    }

    /// What is wrong, one line; empty if nothing is, or if it is not told.
    public String problem() {
        return policyClaims.get(PROBLEM) instanceof String problem ? problem : "";
    }

    /// A byte string among the annotated evidence, such as `cca-realm-initial-measurement`.
    public Optional<Bytes> evidenceBytes(String claim) {
        if (!(annotatedEvidence.get(claim) instanceof String encoded)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Bytes.copyOf(Base64.getDecoder().decode(encoded)));
        } catch (IllegalArgumentException ignored) {
            return Optional.empty();
        }
    }
}
