// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.cca.ear.EarClaims;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What a resource policy is asked: may this Realm have this secret. Policies of every language see the same document,
/// which is Trustee's (its `kbs/sample_policies`).
///
/// @param input the claims of the result, as [EarClaims#forPolicies] has them
/// @param path of the secret
record PolicyQuestion(Map<String, Object> input, ResourcePath path) {
    /// The plugin that answers requests for secrets.
    static final String PLUGIN = "resource";

    /// What is asked when a Realm asks for a secret.
    ///
    /// @throws dev.realmesh.cca.ear.EarException if what it attested with is no result
    static PolicyQuestion of(AttestedRealm realm, ResourcePath path) {
        Object key = JsonMapper.shared().readValue(realm.teePublicKey().toJson(), Map.class);
        Map<String, Object> known = Map.of("runtime_data_claims", Map.of("tee-pubkey", key));
        return new PolicyQuestion(EarClaims.in(realm.token()).forPolicies(known), path);
    }

    /// `input` and `data`, as JSON values.
    Map<String, Object> document() {
        Map<String, Object> data = Map.of(
                "plugin", PLUGIN, "resource-path", List.of(path.toString().split("/", -1)), "query", Map.of());
        return Map.of("input", input, "data", data);
    }
}
