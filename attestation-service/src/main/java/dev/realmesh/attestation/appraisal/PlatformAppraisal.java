// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.TokenJson;
import java.util.ArrayList;
import java.util.List;

/// The appraisal of a genuine platform token.
final class PlatformAppraisal {
    private static final int GENUINE_HARDWARE = 2;
    private static final int TRUSTWORTHY = 2;
    private static final int UNTRUSTWORTHY = 96;
    private static final int APPROVED_CONFIG = 2;
    private static final int UNKNOWN_CONFIG = 32;
    private static final int APPROVED_BOOT = 2;
    private static final int UNRECOGNIZED_BOOT = 33;

    private PlatformAppraisal() {}

    static SubmodAppraisal of(PlatformClaims claims, List<PlatformReference> references, AppraisalRules rules) {
        List<String> problems = new ArrayList<>();
        TrustVector vector = TrustVector.NO_CLAIM.with(TrustClaim.HARDWARE, GENUINE_HARDWARE);
        boolean trustworthy = claims.lifecycle().isTrustworthy();
        if (!trustworthy) {
            problems.add("security lifecycle is " + claims.lifecycle());
        }
        int state = trustworthy ? TRUSTWORTHY : UNTRUSTWORTHY;
        vector = vector.with(TrustClaim.INSTANCE_IDENTITY, state)
                .with(TrustClaim.RUNTIME_OPAQUE, state)
                .with(TrustClaim.STORAGE_OPAQUE, state);

        boolean configured = rules.approves(claims.config(), references);
        if (!configured) {
            problems.add("platform configuration is not endorsed");
        }
        vector = vector.with(TrustClaim.CONFIGURATION, configured ? APPROVED_CONFIG : UNKNOWN_CONFIG);

        List<String> software = rules.softwareProblems(claims, references);
        problems.addAll(software);
        vector = vector.with(TrustClaim.EXECUTABLES, software.isEmpty() ? APPROVED_BOOT : UNRECOGNIZED_BOOT);
        return SubmodAppraisal.of(vector, ArmCcaScheme.POLICY, String.join("; ", problems))
                .annotated(TokenJson.annotate(claims));
    }
}
