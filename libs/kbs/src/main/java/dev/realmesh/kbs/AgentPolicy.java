// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What the host, which is not trusted, may ask a Realm's agent for beyond running an image as it is and reading what
/// that writes, or less. The default refuses all the rest.
///
/// @param permissions what it may
public record AgentPolicy(Set<Permission> permissions) {
    /// The default: nothing beyond that.
    public static final AgentPolicy NOTHING = allowing();

    private static final String WHERE = RealmSettings.NAME + " agent-policy";
    private static final Set<String> KEYS =
            Arrays.stream(Permission.values()).map(Permission::key).collect(Collectors.toUnmodifiableSet());

    public AgentPolicy {
        permissions = Set.copyOf(permissions);
    }

    /// One thing that the host may ask for, or not.
    public enum Permission {
        /// Replace the image's command.
        COMMAND("allow-command", false, true),
        /// Add environment variables.
        ENVIRONMENT("allow-environment", false, true),
        /// Start further processes in a container.
        EXEC("allow-exec", false, true),
        /// Say where in a container the owner's sealed secrets are put.
        SECRET_FILES("allow-secret-files", false, false),
        /// Write to the standard input of a container whose command it did not choose.
        STDIN("allow-stdin", false, false),
        /// Send other signals than those that ask a container to end.
        SIGNALS("allow-signals", false, false),
        /// See what the container writes to its standard output and error.
        OUTPUT("allow-output", true, false);

        private final String key;
        private final boolean byDefault;
        private final boolean always;

        Permission(String key, boolean byDefault, boolean always) {
            this.key = key;
            this.byDefault = byDefault;
            this.always = always;
        }

        /// Its key in settings, a boolean.
        public String key() {
            return key;
        }
    }

    /// The default, and these.
    public static AgentPolicy allowing(Permission... more) {
        Set<Permission> all = EnumSet.noneOf(Permission.class);
        Arrays.stream(Permission.values())
                .filter(permission -> permission.byDefault)
                .forEach(all::add);
        all.addAll(List.of(more));
        return new AgentPolicy(all);
    }

    /// The same without one.
    public AgentPolicy without(Permission permission) {
        return new AgentPolicy(
                permissions.stream().filter(each -> each != permission).collect(Collectors.toUnmodifiableSet()));
    }

    /// Whether the host may.
    public boolean allows(Permission permission) {
        return permissions.contains(permission);
    }

    static AgentPolicy read(ObjectNode table) {
        BoundedToml.requireKnown(WHERE, table, KEYS);
        return new AgentPolicy(Arrays.stream(Permission.values())
                .filter(permission -> BoundedToml.flag(WHERE, table, permission.key, permission.byDefault))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /// Keys that came later are said where they differ from the default: settings that do not say them keep their
    /// bytes, and their digest.
    String toToml() {
        return Arrays.stream(Permission.values())
                .filter(permission -> permission.always || allows(permission) != permission.byDefault)
                .map(permission -> permission.key + " = " + allows(permission) + "\n")
                .collect(Collectors.joining());
    }
}
