// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.attestation.policy.PolicyScheme;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyStore;
import dev.realmesh.policy.PolicyStore.Alongside;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.StoredPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/management/v1`: policies are stored, put in force, and read. They are those of gRPC: its policies in CEL are
/// listed
/// too.
final class ManagementHandler {
    private static final String RULES = "application/vnd.veraison.policy.opa";
    private static final String POLICY = "application/vnd.veraison.policy+json";
    private static final String POLICIES = "application/vnd.veraison.policies+json";

    private final PolicyStore policies;

    ManagementHandler(PolicyStore policies) {
        this.policies = policies;
    }

    Answer create(Exchange exchange) {
        exchange.requireAcceptable(POLICY);
        if (!exchange.isOfType(RULES)) {
            throw Problem.badRequest("the only supported rules format is " + RULES);
        }
        PolicyScheme scheme = scheme(exchange);
        if (exchange.body().isEmpty()) {
            throw Problem.badRequest("empty body");
        }
        try {
            PolicyText policy = PolicyText.rego(exchange.query("name").orElse(""), text(exchange));
            return Answer.json(201, POLICY, document(policies.put(scheme.name(), policy, Alongside.NOTHING)));
        } catch (PolicyException.Invalid e) {
            throw Problem.badRequest("invalid policy: " + e.getMessage());
        }
    }

    Answer active(Exchange exchange) {
        exchange.requireAcceptable(POLICY);
        PolicyScheme scheme = scheme(exchange);
        StoredPolicy active = policies.active(scheme.name())
                .orElseThrow(() -> of(scheme).isEmpty()
                        ? noPolicy(":", scheme)
                        : Problem.notFound("no active policy for key " + key(scheme)));
        return Answer.json(200, POLICY, document(active));
    }

    Answer get(Exchange exchange) {
        exchange.requireAcceptable(POLICY);
        return Answer.json(200, POLICY, document(find(exchange)));
    }

    Answer list(Exchange exchange) {
        exchange.requireAcceptable(POLICIES);
        PolicyScheme scheme = scheme(exchange);
        Optional<String> name = exchange.query("name");
        ArrayNode documents = JsonMapper.shared().createArrayNode();
        requireSome(scheme).stream()
                .filter(policy -> name.isEmpty() || name.get().equals(policy.name()))
                .forEach(policy -> documents.add(document(policy)));
        return Answer.json(200, POLICIES, documents);
    }

    Answer activate(Exchange exchange) {
        policies.activate(find(exchange).id().toString(), Alongside.NOTHING);
        return Answer.empty(200);
    }

    Answer deactivate(Exchange exchange) {
        PolicyScheme scheme = scheme(exchange);
        requireSome(scheme);
        policies.deactivate(scheme.name(), Alongside.NOTHING);
        return Answer.empty(200);
    }

    private StoredPolicy find(Exchange exchange) {
        PolicyScheme scheme = scheme(exchange);
        String given = exchange.path("uuid");
        UUID id = Exchange.uuid(given).orElseThrow(() -> Problem.badRequest("bad UUID \"" + shown(given) + "\""));
        return requireSome(scheme).stream()
                .filter(policy -> policy.id().equals(id))
                .findFirst()
                .orElseThrow(() -> noPolicy(" with UUID \"" + id + "\" under key", scheme));
    }

    private List<StoredPolicy> requireSome(PolicyScheme scheme) {
        List<StoredPolicy> found = of(scheme);
        if (found.isEmpty()) {
            throw noPolicy(":", scheme);
        }
        return found;
    }

    /// Oldest first.
    private List<StoredPolicy> of(PolicyScheme scheme) {
        return policies.list().reversed().stream()
                .filter(policy -> policy.scheme().equals(scheme.name()))
                .toList();
    }

    private static PolicyScheme scheme(Exchange exchange) {
        String given = exchange.path("scheme");
        return PolicyScheme.ofName(given)
                .orElseThrow(() -> Problem.badRequest("unrecognised scheme \"" + shown(given) + "\""));
    }

    private static String text(Exchange exchange) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(exchange.body().toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("invalid policy: not UTF-8 (expected: Rego)");
        }
    }

    private static ObjectNode document(StoredPolicy policy) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("uuid", policy.id().toString())
                .put("ctime", policy.createdAt().toString())
                .put("name", policy.name())
                .put("type", policy.policy().language().type())
                .put("rules", policy.policy().text())
                .put("active", policy.active());
    }

    private static Problem noPolicy(String which, PolicyScheme scheme) {
        return Problem.notFound("no policy found" + which + " " + key(scheme));
    }

    /// The name of a scheme's policies in Veraison.
    private static String key(PolicyScheme scheme) {
        return "\"0:" + scheme + ":opa\"";
    }

    private static String shown(String given) {
        return given.length() <= 64 ? given : given.length() + " characters";
    }
}
