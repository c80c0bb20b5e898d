// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// What a service puts around its policies in Rego.
///
/// @param service whose policies they are; their packages at OPA are below `realmesh.SERVICE`
/// @param preamble what comes below each policy: the names that policies may use, and the rule `outcome`, a document
///     whose `policy` is the id of the module. `@ID@` stands for that id. It must be Rego v0 and v1 alike
public record RegoFrame(String service, String preamble) {
    private static final String ID = "@ID@";

    /// The frame whose preamble is a resource beside a class.
    public static RegoFrame of(String service, Class<?> beside, String resource) {
        try (InputStream file = beside.getResourceAsStream(resource)) {
            return new RegoFrame(
                    service, new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where OPA keeps the modules, with a slash at its end.
    public String folder() {
        return "realmesh/" + service + "/";
    }

    /// What comes below the policy of an id.
    public String preamble(String id) {
        return preamble.replace(ID, id);
    }

    /// The package of the policy of an id.
    String packageOf(String id) {
        return "realmesh." + service + ".p" + id;
    }
}
