// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What an attestation token says of initdata, in the form that Trustee's attestation service gives it: the texts by
/// name, except that the agent's and the data hub's settings are objects, and that of the agent's policy only its data
/// is there.
public final class InitdataClaims {
    private static final Set<String> SETTINGS = Set.of("aa.toml", "cdh.toml");
    private static final String POLICY = "policy.rego";
    private static final String POLICY_CLAIMS = "agent_policy_claims";
    private static final String POLICY_DATA = "policy_data := {";

    private InitdataClaims() {}

    /// The claims. A text that is not what its name says stays a text.
    public static ObjectNode of(Initdata initdata) {
        ObjectNode claims = BoundedJson.newObject();
        initdata.data().forEach(claims::put);
        for (String name : SETTINGS) {
            Optional.ofNullable(initdata.data().get(name))
                    .flatMap(InitdataClaims::table)
                    .ifPresent(table -> claims.set(name, table));
        }
        Optional.ofNullable(initdata.data().get(POLICY))
                .flatMap(InitdataClaims::policyData)
                .ifPresent(data -> {
                    claims.remove(POLICY);
                    claims.set(POLICY_CLAIMS, data);
                });
        return claims;
    }

    private static Optional<ObjectNode> table(String toml) {
        try {
            return Optional.of(BoundedToml.parse("settings", toml, Initdata.MAX_BYTES));
        } catch (KbsException.Malformed ignored) {
            return Optional.empty();
        }
    }

    /// The object that `policy_data` is set to, if it is the last thing in the policy.
    private static Optional<ObjectNode> policyData(String rego) {
        int declared = rego.indexOf(POLICY_DATA);
        if (declared < 0) {
            return Optional.empty();
        }
        String data = rego.substring(declared + POLICY_DATA.length() - 1);
        try {
            return Optional.of(
                    BoundedJson.object("policy_data", data.getBytes(StandardCharsets.UTF_8), Initdata.MAX_BYTES));
        } catch (KbsException.Malformed ignored) {
            return Optional.empty();
        }
    }
}
