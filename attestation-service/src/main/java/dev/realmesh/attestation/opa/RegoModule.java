// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import dev.realmesh.attestation.policy.PolicyException;
import dev.realmesh.attestation.policy.PolicyText;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.Signatures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/// A policy in Rego as OPA gets it: in a package of its own, named by what is in it, with the names that policies may
/// use below it. One module, so that OPA has all of it or nothing.
///
/// @param id SHA-256 of policy and names, in hexadecimal
/// @param text in Rego; the lines of the policy have their own numbers
record RegoModule(String id, String text) {
    /// The names that policies may use; `@ID@` stands for the id.
    static final String PREAMBLE = preamble();

    private static final String FOLDER = "realmesh/attestation/";
    private static final String KEYWORD = "package";
    private static final String PACKAGE = "policy";
    /// Would be another package there.
    private static final Pattern OWN_PACKAGE = Pattern.compile("\\bdata\\s*(\\.\\s*policy\\b|\\[\\s*\"policy\"\\s*])");

    /// The module of a policy.
    ///
    /// @throws PolicyException.Invalid if it is of another package than Veraison's policies are
    static RegoModule of(PolicyText policy) {
        String text = policy.text();
        if (OWN_PACKAGE.matcher(text).find()) {
            throw new PolicyException.Invalid("policy: names data.policy (expected: the names in it without that)");
        }
        Bytes content = Bytes.copyOf((text + PREAMBLE).getBytes(StandardCharsets.UTF_8));
        String id = Signatures.digest("SHA-256", content).hex();
        return new RegoModule(id, inPackage(id, text));
    }

    /// Its name among OPA's policies.
    String path() {
        return FOLDER + id;
    }

    /// Where OPA has what it comes to.
    String outcomePath() {
        return FOLDER + "p" + id + "/outcome";
    }

    /// The policy with the name of its package replaced, and the names that it may use. One without a package stays as
    /// it
    /// is, for OPA to refuse.
    private static String inPackage(String id, String text) {
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
        return text.substring(0, from) + "realmesh.attestation.p" + id + imports + text.substring(to)
                + PREAMBLE.replace("@ID@", id);
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

    private static String preamble() {
        try (InputStream file = RegoModule.class.getResourceAsStream("preamble.rego")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
