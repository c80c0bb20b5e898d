// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.RealmClaims;
import java.util.List;

/// Where verifiers of CCA differ.
sealed interface AppraisalRules permits StrictRules, VeraisonRules {
    /// What is asked of the signatures besides that they verify.
    ///
    /// @throws dev.realmesh.cca.token.IntegrityException if it is not so
    void requireSound(CcaEvidence evidence, CoseKey trustAnchor);

    /// Whether a platform's configuration is endorsed.
    boolean approves(Bytes config, List<PlatformReference> references);

    /// What is wrong with a platform's software, a line each; none if it is endorsed.
    List<String> softwareProblems(PlatformClaims claims, List<PlatformReference> references);

    /// The verdict on a Realm's measurements.
    RealmVerdict verdict(RealmClaims claims, List<RealmReference> references);
}
