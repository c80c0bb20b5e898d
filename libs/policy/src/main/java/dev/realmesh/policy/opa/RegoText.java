// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import java.util.regex.Pattern;

/// What can be told of a policy's text without parsing it.
public final class RegoText {
    private static final Pattern IF = Pattern.compile("(?<![\\w.])if\\b");
    private static final Pattern IMPORTED =
            Pattern.compile("\\bimport\\s+(rego\\.v1|future\\.keywords(\\.if)?)(?![\\w.])");

    private RegoText() {}

    /// Whether it is Rego v1 that does not say so. An OPA that takes v0 would read `status := 96 if { … }` as a
    /// `status`
    /// without a condition, and a rule that is called `if`.
    public static boolean isUndeclaredVersion1(String text) {
        String code = code(text);
        return IF.matcher(code).find() && !IMPORTED.matcher(code).find();
    }

    /// The text without its comments and strings.
    private static String code(String text) {
        StringBuilder code = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char next = text.charAt(at);
            switch (next) {
                case '#' -> at = endOf(text, at, '\n');
                case '`' -> at = endOf(text, at + 1, '`') + 1;
                case '"' -> at = endOfString(text, at + 1);
                default -> {
                    code.append(next);
                    at++;
                }
            }
        }
        return code.toString();
    }

    private static int endOf(String text, int from, char end) {
        int at = text.indexOf(end, from);
        return at < 0 ? text.length() : at;
    }

    private static int endOfString(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, text.length()) + 1;
    }
}
