// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

import java.util.Arrays;

/// What a policy is written in.
public enum PolicyLanguage {
    /// Conditions in CEL.
    CEL("cel"),
    /// Rego, as Veraison's and Trustee's policies are.
    REGO("opa");

    private final String type;

    PolicyLanguage(String type) {
        this.type = type;
    }

    /// The type of policy that Veraison's API names it by, and the database.
    public String type() {
        return type;
    }

    /// The language of a type.
    static PolicyLanguage ofType(String type) {
        return Arrays.stream(values())
                .filter(language -> language.type.equals(type))
                .findFirst()
                .orElseThrow(() -> new PolicyException.Invalid("policy type: '" + type + "' (expected: cel or opa)"));
    }
}
