// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A policy in Rego as OPA gets it: in a package of its own, named by what is in it, with its service's frame below it.
/// One module, so that OPA has all of it or nothing.
///
/// @param frame of its service
/// @param id SHA-256 of policy and preamble, in hexadecimal
/// @param text in Rego; the lines of the policy have their own numbers
public record RegoModule(RegoFrame frame, String id, String text) {
    private static final String KEYWORD = "package";
    private static final String PACKAGE = "policy";
    /// Would be another package there.
    private static final Pattern OWN_PACKAGE = Pattern.compile("\\bdata\\s*(\\.\\s*policy\\b|\\[\\s*\"policy\"\\s*])");

    /// The module of a policy.
    ///
    /// @throws PolicyException.Invalid if its package is not `policy`, as that of all policies is
    public static RegoModule of(RegoFrame frame, PolicyText policy) {
        String text = policy.text();
        if (OWN_PACKAGE.matcher(text).find()) {
            throw new PolicyException.Invalid("policy: names data.policy (expected: the names in it without that)");
        }
        String id = digest(text + frame.preamble());
        return new RegoModule(frame, id, inPackage(frame, id, text));
    }

    /// How many lines the policy has.
    int lines() {
        String below = frame.preamble(id);
        String policy = text.endsWith(below) ? text.substring(0, text.length() - below.length()) : text;
        return (int) policy.lines().count();
    }

    /// Its name among OPA's policies.
    String path() {
        return frame.folder() + id;
    }

    /// Where OPA has what it comes to.
    String outcomePath() {
        return frame.folder() + "p" + id + "/outcome";
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not served by this Java", e);
        }
    }

    /// The policy with the name of its package replaced, and the names that it may use. One without a package stays as
    /// it is, for OPA to refuse.
    private static String inPackage(RegoFrame frame, String id, String text) {
        int start = afterComments(text);
        if (!text.startsWith(KEYWORD, start)) {
            return text;
        }
        int from = start + KEYWORD.length();
        while (from < text.length() && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        int to = from;
        while (to < text.length() && !Character.isWhitespace(text.charAt(to)) && "#;".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        if (!text.substring(from, to).equals(PACKAGE)) {
            throw new PolicyException.Invalid("package: another (expected: package " + PACKAGE + ")");
        }
        String imports = RegoText.isUndeclaredVersion1(text) ? " import rego.v1" : "";
        return text.substring(0, from) + frame.packageOf(id) + imports + text.substring(to) + frame.preamble(id);
    }

    private static int afterComments(String text) {
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                break;
            }
        }
        return at;
    }
}
