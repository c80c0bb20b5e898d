// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A policy as an operator writes it.
///
/// @param language what it is written in
/// @param name what its versions are called, 1 to 63 letters, digits and `.-_`
/// @param text of it, at most 64 KiB
public record PolicyText(PolicyLanguage language, String name, String text) {
    /// What a policy in Rego is called that was given no name.
    public static final String DEFAULT_NAME = "default";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final int MAX_BYTES = 64 * 1024;

    public PolicyText {
        if (!isName(name)) {
            throw new PolicyException.Invalid(
                    "name: " + name.length() + " characters (expected: 1 to 63 letters, digits and .-_)");
        }
        requireSize(text);
    }

    /// A policy in Rego.
    ///
    /// @param name of it; empty for [#DEFAULT_NAME]
    /// @throws PolicyException.Invalid if the name is none, or the text is too long
    public static PolicyText rego(String name, String text) {
        return new PolicyText(PolicyLanguage.REGO, name.isEmpty() ? DEFAULT_NAME : name, text);
    }

    /// Whether something may be called so: 1 to 63 letters, digits and `.-_`.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Checks that a policy is not too long.
    ///
    /// @throws PolicyException.Invalid if it is
    public static void requireSize(String text) {
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > MAX_BYTES) {
            throw new PolicyException.Invalid("policy: " + size + " bytes (expected: at most " + MAX_BYTES + ")");
        }
    }
}
