// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.Base64;

/// Realm personalization values as command lines give them.
public final class PersonalizationValue {
    private PersonalizationValue() {}

    /// The value that base64 spells; zero after its end.
    ///
    /// @throws PlanException.BadArguments if it is no base64, or longer than 64 bytes
    public static RealmPersonalizationValue ofBase64(String option, String text) {
        try {
            return RealmPersonalizationValue.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new PlanException.BadArguments(
                    "%s: %d characters (expected: base64 of at most 64 bytes)".formatted(option, text.length()));
        }
    }
}
