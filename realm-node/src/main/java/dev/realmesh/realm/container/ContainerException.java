// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.AgentPolicy.Permission;

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
        BadRequest(String message) {
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
