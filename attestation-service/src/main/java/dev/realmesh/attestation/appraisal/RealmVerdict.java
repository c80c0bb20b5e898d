// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustVector;

/// What the measurements of a genuine realm token come to; `executables` of AR4SI in each.
@SuppressWarnings("ImmutableEnumChecker") // What it holds is immutable, and not annotated so.
enum RealmVerdict {
    APPROVED(vector(2), ""),
    /// RIM and RPV are endorsed, a REM is another one.
    APPROVED_AT_BOOT(vector(3), "an extensible measurement (REM) is not the endorsed one"),
    UNRECOGNIZED_AT_RUN_TIME(vector(33), "an extensible measurement (REM) is not the endorsed one"),
    UNRECOGNIZED(vector(33), "no reference values for the initial measurement (RIM)"),
    CONTRAINDICATED(vector(96), "personalization value (RPV) is not the endorsed one"),
    CONTRADICTORY(
            TrustVector.VERIFIER_MALFUNCTION,
            "reference values contradict themselves: cca.rim is not the RIM that they are for");

    private final TrustVector vector;
    private final String problem;

    RealmVerdict(TrustVector vector, String problem) {
        this.vector = vector;
        this.problem = problem;
    }

    TrustVector vector() {
        return vector;
    }

    /// What is wrong, one line; empty if nothing is.
    String problem() {
        return problem;
    }

    private static TrustVector vector(int executables) {
        return TrustVector.NO_CLAIM.with(TrustClaim.INSTANCE_IDENTITY, 2).with(TrustClaim.EXECUTABLES, executables);
    }
}
