// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.SubmodAppraisal;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What the scheme found.
///
/// @param nonce what the evidence had to be fresh for
/// @param submods its appraisals, by submod
/// @param endorsements makes the reference values that were looked at, which only policies want, JSON values of
///     [dev.realmesh.cca.corim.TripleJson]
public record Findings(
        Bytes nonce, Map<String, SubmodAppraisal> submods, Supplier<List<Map<String, Object>>> endorsements) {
    public Findings {
        submods = Map.copyOf(submods);
    }
}
