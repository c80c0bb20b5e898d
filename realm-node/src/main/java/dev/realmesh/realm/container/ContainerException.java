// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.AgentPolicy.Permission;
import java.util.Set;

/// Why a container did not run.
public abstract sealed class ContainerException extends RuntimeException {
    private ContainerException(String message) {
        super(message);
    }

    private ContainerException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The request itself is wrong.
    public static final class BadRequest extends ContainerException {
        public BadRequest(String message) {
            super(message);
        }
    }

    /// The agent policy of the Realm's initdata does not let the host ask for that.
    public static final class Forbidden extends ContainerException {
        Forbidden(String what, Permission needed) {
            super("agent-policy: the host asks for " + what + " (expected: not that, or " + needed.key()
                    + " = true in the Realm's initdata)");
        }
    }

    /// There is no such container.
    public static final class NoSuchContainer extends ContainerException {
        NoSuchContainer(String name) {
            super(name.isEmpty() ? "container: none in this Realm" : "container " + name + ": not in this Realm");
        }

        NoSuchContainer(Set<String> names) {
            super("container: not named (expected: one of " + String.join(", ", names) + ")");
        }
    }

    /// The container is not, now, one that this can be asked of.
    public static final class WrongState extends ContainerException {
        WrongState(String message) {
            super(message);
        }
    }

    /// The image cannot be run: its configuration or its content does not allow it.
    public static final class NotRunnable extends ContainerException {
        NotRunnable(String message) {
            super(message);
        }
    }

    /// The container runtime failed, not the container.
    public static final class RuntimeFailed extends ContainerException {
        RuntimeFailed(String message) {
            super(message);
        }

        RuntimeFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The caller does not want the container any more.
    public static final class Cancelled extends ContainerException {
        /// The run was cancelled by who asked for it.
        public Cancelled() {
            super("run cancelled by its caller");
        }
    }
}
