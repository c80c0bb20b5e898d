// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What the host, which is not trusted, may ask a Realm's agent for beyond running an image as it is. The default
/// refuses
/// all of it.
///
/// @param allowCommand whether the host may replace the image's command; `allow-command`, default false
/// @param allowEnvironment whether the host may add environment variables; `allow-environment`, default false
/// @param allowExec whether the host may start further processes in the container; `allow-exec`, default false
public record AgentPolicy(boolean allowCommand, boolean allowEnvironment, boolean allowExec) {
    /// The default: nothing.
    public static final AgentPolicy NOTHING = new AgentPolicy(false, false, false);

    private static final String WHERE = RealmSettings.NAME + " agent-policy";
    private static final Set<String> KEYS = Set.of("allow-command", "allow-environment", "allow-exec");

    static AgentPolicy read(ObjectNode table) {
        BoundedToml.requireKnown(WHERE, table, KEYS);
        return new AgentPolicy(
                BoundedToml.flag(WHERE, table, "allow-command", false),
                BoundedToml.flag(WHERE, table, "allow-environment", false),
                BoundedToml.flag(WHERE, table, "allow-exec", false));
    }

    String toToml() {
        return "allow-command = " + allowCommand
                + "\nallow-environment = " + allowEnvironment
                + "\nallow-exec = " + allowExec + "\n";
    }
}
