// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.SubmodAppraisal;
import java.util.List;
import java.util.Map;

/// What the scheme found.
///
/// @param nonce what the evidence had to be fresh for
/// @param submods its appraisals, by submod
/// @param endorsements the reference values that were looked at, as JSON values of
///     [dev.realmesh.cca.corim.TripleJson]
public record Findings(Bytes nonce, Map<String, SubmodAppraisal> submods, List<Map<String, Object>> endorsements) {
    public Findings {
        submods = Map.copyOf(submods);
        endorsements = List.copyOf(endorsements);
    }
}
