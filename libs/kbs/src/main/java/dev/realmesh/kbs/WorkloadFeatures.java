// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a Realm's agent serves to its workload, by the words of Confidential Containers' `api-server-rest --features`;
/// `features` of `[api-server-rest]`. Not said means [#RESOURCE], as upstream, unless the host may choose what runs: it
/// would have the secrets printed, so it then means [#NONE].
public enum WorkloadFeatures {
    /// Nothing: no server at all. This project's own.
    NONE,
    /// Secrets of the key broker.
    RESOURCE,
    /// Tokens, evidence and runtime measurements.
    ATTESTATION,
    /// Both.
    ALL;

    private static final String WHERE = RealmSettings.NAME + " api-server-rest";
    private static final String KEY = "features";

    /// What settings mean that do not say it.
    static WorkloadFeatures byDefault(AgentPolicy policy) {
        return policy.allows(AgentPolicy.Permission.COMMAND) || policy.allows(AgentPolicy.Permission.EXEC)
                ? NONE
                : RESOURCE;
    }

    static WorkloadFeatures read(ObjectNode table, AgentPolicy policy) {
        BoundedToml.requireKnown(WHERE, table, Set.of(KEY));
        JsonNode value = table.path(KEY);
        if (value.isMissingNode()) {
            return byDefault(policy);
        }
        return Arrays.stream(values())
                .filter(features -> value.isString() && features.text().equals(value.stringValue()))
                .findFirst()
                .orElseThrow(() -> new KbsException.Malformed(
                        WHERE + " " + KEY,
                        "another value (expected: "
                                + Arrays.stream(values())
                                        .map(WorkloadFeatures::text)
                                        .collect(Collectors.joining(", "))
                                + ")"));
    }

    /// The word in settings, such as `resource`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether secrets are served.
    public boolean resource() {
        return this == RESOURCE || this == ALL;
    }

    /// Whether tokens, evidence and runtime measurements are served.
    public boolean attestation() {
        return this == ATTESTATION || this == ALL;
    }

    /// The table, or nothing for the default: so settings that do not say it keep their bytes, and their digest.
    String toToml(AgentPolicy policy) {
        return this == byDefault(policy) ? "" : "\n[api-server-rest]\n" + KEY + " = \"" + text() + "\"\n";
    }
}
