// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.keybroker.policy.ResourcePolicies;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpRequest;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyLanguage;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// `/kbs/v0/resource-policy`: administrators replace the policy, in Rego, and list what policies there are.
final class PolicyHandler {
    private static final String JSON = "application/json";

    private final ResourcePolicies policies;
    private final AdministratorCalls calls;

    PolicyHandler(ResourcePolicies policies, Administrators administrators) {
        this.policies = policies;
        this.calls = new AdministratorCalls(administrators, KbsError.ADMIN_AUTH_ACCESS);
    }

    /// Stores a policy and puts it in force.
    HttpAnswer post(HttpRequest request) {
        return calls.answer(request, administrator -> {
            String text;
            try {
                text = PolicyRequest.policy(PolicyRequest.json(request.body()));
            } catch (KbsException e) {
                return KbsError.PARSE_POLICY_ERROR.answer(401, "Failed to parse policy: " + e.getMessage());
            }
            try {
                policies.replace(ResourcePolicies.text(PolicyLanguage.REGO, "", text), administrator.actor());
                return HttpAnswer.empty(200);
            } catch (PolicyException e) {
                return Refusals.ofPolicy(e);
            }
        });
    }

    /// What policies are called; the broker's own is there without being stored.
    HttpAnswer list(HttpRequest request) {
        return calls.answer(request, administrator -> {
            Set<String> names = new TreeSet<>(Set.of(ResourcePolicies.DEFAULT_NAME));
            policies.list().forEach(policy -> names.add(policy.name()));
            return HttpAnswer.of(200, JSON, JsonMapper.shared().writeValueAsBytes(names));
        });
    }
}
