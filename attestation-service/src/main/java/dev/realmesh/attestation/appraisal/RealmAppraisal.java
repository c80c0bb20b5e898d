// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.TokenJson;
import java.util.List;

/// The trust vector of a genuine realm token: Veraison's rules. Reference values of one RIM are tried in turn; those
/// with another RPV are passed over.
final class RealmAppraisal {
    private static final int TRUSTWORTHY_INSTANCE = 2;
    private static final int APPROVED_RUNTIME = 2;
    private static final int APPROVED_BOOT = 3;
    private static final int UNRECOGNIZED = 33;
    private static final int CONTRAINDICATED = 96;

    private RealmAppraisal() {}

    static SubmodAppraisal of(RealmClaims claims, List<RealmReference> references) {
        return verdict(claims, references).annotated(TokenJson.annotate(claims));
    }

    private static SubmodAppraisal verdict(RealmClaims claims, List<RealmReference> references) {
        if (references.isEmpty()) {
            return appraisal(UNRECOGNIZED, "no reference values for the initial measurement (RIM)");
        }
        for (RealmReference reference : references) {
            if (!reference.rimDigest().equals(claims.initialMeasurement())) {
                return SubmodAppraisal.of(
                        TrustVector.VERIFIER_MALFUNCTION,
                        ArmCcaScheme.POLICY,
                        "reference values contradict themselves: cca.rim is not the RIM that they are for");
            }
            if (isPersonalized(claims, reference)) {
                boolean extended = isExtended(claims.extensibleMeasurements(), reference);
                return extended
                        ? appraisal(APPROVED_RUNTIME, "")
                        : appraisal(APPROVED_BOOT, "an extensible measurement (REM) is not the endorsed one");
            }
        }
        return appraisal(CONTRAINDICATED, "personalization value (RPV) is not the endorsed one");
    }

    private static SubmodAppraisal appraisal(int executables, String problem) {
        TrustVector vector = TrustVector.NO_CLAIM
                .with(TrustClaim.INSTANCE_IDENTITY, TRUSTWORTHY_INSTANCE)
                .with(TrustClaim.EXECUTABLES, executables);
        return SubmodAppraisal.of(vector, ArmCcaScheme.POLICY, problem);
    }

    private static boolean isPersonalized(RealmClaims claims, RealmReference reference) {
        return reference.rpvs().stream().allMatch(claims.personalizationValue()::equals);
    }

    private static boolean isExtended(List<Bytes> rems, RealmReference reference) {
        return reference.rems().entrySet().stream()
                .allMatch(endorsed -> rems.get(endorsed.getKey()).equals(endorsed.getValue()));
    }
}
