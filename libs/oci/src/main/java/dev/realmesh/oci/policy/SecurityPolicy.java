// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A policy.json (containers-policy.json(5)): requirements by scope of the transport `docker`, and those of all other
/// images. All requirements of the narrowest scope must be met; an empty list is refused, for it would admit all.
///
/// @param byDefault for images in no scope
/// @param docker by scope, such as `registry.example/team`
public record SecurityPolicy(List<PolicyRequirement> byDefault, Map<String, List<PolicyRequirement>> docker) {
    /// Largest policy that is read, in bytes.
    public static final int MAX_BYTES = 256 << 10;

    private static final int MAX_SCOPES = 1000;

    public SecurityPolicy {
        byDefault = List.copyOf(byDefault);
        docker = Map.copyOf(docker);
    }

    /// Reads a policy.
    ///
    /// @throws OciException if it is none
    public static SecurityPolicy parse(byte[] json) {
        JsonDocument policy = JsonDocument.parse("image policy", json, MAX_BYTES);
        if (!policy.names().contains("default")) {
            throw new OciException.Malformed("image policy: no default (expected: one)");
        }
        Map<String, List<PolicyRequirement>> docker = new LinkedHashMap<>();
        Optional<JsonDocument> scopes =
                policy.optionalObject("transports").flatMap(transports -> transports.optionalObject("docker"));
        for (String scope : scopes.map(JsonDocument::names).orElse(List.of())) {
            docker.put(scope, requirements(scopes.orElseThrow(), scope));
        }
        if (docker.size() > MAX_SCOPES) {
            throw new OciException.LimitExceeded("scopes of an image policy", MAX_SCOPES);
        }
        return new SecurityPolicy(requirements(policy, "default"), docker);
    }

    /// What an image must meet, all of it; not empty.
    public List<PolicyRequirement> of(Reference image) {
        return PolicyScopes.of(image).stream()
                .map(docker::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(byDefault);
    }

    private static List<PolicyRequirement> requirements(JsonDocument json, String scope) {
        List<PolicyRequirement> requirements =
                json.objects(scope).stream().map(PolicyRequirement::read).toList();
        if (requirements.isEmpty()) {
            throw new OciException.Malformed("image policy " + scope
                    + ": no requirements, which would admit all (expected: one, such as insecureAcceptAnything)");
        }
        return requirements;
    }
}
