// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import java.util.Arrays;
import java.util.Optional;

/// Attestation schemes that policies can be about, by their names in Veraison.
public enum PolicyScheme {
    /// Arm CCA.
    ARM_CCA,
    /// PSA tokens of IoT devices. No evidence of them is appraised here: policies of theirs are kept, and never asked.
    PSA_IOT;

    /// The scheme of a name.
    public static Optional<PolicyScheme> ofName(String name) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.name().equals(name))
                .findFirst();
    }
}
