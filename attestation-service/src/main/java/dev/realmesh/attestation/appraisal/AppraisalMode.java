// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import java.util.Locale;

/// By which rules genuine evidence is compared with what was endorsed. attestation-service's README has the table of
/// what differs.
@SuppressWarnings("ImmutableEnumChecker") // What it holds is immutable, and not annotated so.
public enum AppraisalMode {
    /// All that was endorsed must be so.
    STRICT(new StrictRules()),
    /// As Veraison's arm-cca scheme compares, loose ends included.
    VERAISON_COMPATIBLE(new VeraisonRules());

    private final AppraisalRules rules;

    AppraisalMode(AppraisalRules rules) {
        this.rules = rules;
    }

    AppraisalRules rules() {
        return rules;
    }

    /// The name in configurations and on command lines.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
