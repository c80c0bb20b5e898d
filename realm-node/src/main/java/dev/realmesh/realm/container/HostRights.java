// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import java.util.Set;

/// What the host may ask for, by the Realm's initdata. That a container end it may always ask: it can end the Realm.
///
/// @param policy what initdata says
public record HostRights(AgentPolicy policy) {
    /// HUP, INT, QUIT, KILL, TERM.
    private static final Set<Integer> ENDING = Set.of(1, 2, 3, SignalName.KILL, SignalName.TERM);

    /// @throws ContainerException.Forbidden if the host may not ask for that, and does
    void require(Permission permission, String what, boolean asked) {
        if (asked && !policy.allows(permission)) {
            throw new ContainerException.Forbidden(what, permission);
        }
    }

    /// Checks what a container is to be made of.
    void require(RunRequest request, ContainerOptions options) {
        require(Permission.COMMAND, "a command of its own", !request.command().isEmpty());
        require(
                Permission.ENVIRONMENT,
                "environment variables",
                !request.environment().isEmpty());
        require(Permission.SECRET_FILES, "secret files", !request.secretFiles().isEmpty());
        require(
                Permission.STDIN,
                "standard input of a command that is not its own",
                options.streams().input() && !mayWrite(request));
    }

    /// Whether it may write to the standard input of a container: a command that the host chose is its own to talk to.
    boolean mayWrite(RunRequest request) {
        return policy.allows(Permission.STDIN) || !request.command().isEmpty();
    }

    /// Checks a signal.
    void require(int signal) {
        require(Permission.SIGNALS, "signal " + signal, !ENDING.contains(signal));
    }

    /// The events that the host may see.
    RunEvents visible(RunEvents host) {
        return policy.allows(Permission.OUTPUT)
                ? host
                : event -> {
                    if (!(event instanceof RunEvent.Output)) {
                        host.accept(event);
                    }
                };
    }
}
