// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.TokenJson;
import java.util.List;

/// The appraisal of a genuine realm token.
final class RealmAppraisal {
    private RealmAppraisal() {}

    static SubmodAppraisal of(RealmClaims claims, List<RealmReference> references, AppraisalRules rules) {
        RealmVerdict verdict = rules.verdict(claims, references);
        return SubmodAppraisal.of(verdict.vector(), ArmCcaScheme.POLICY, verdict.problem())
                .annotated(TokenJson.annotate(claims));
    }
}
