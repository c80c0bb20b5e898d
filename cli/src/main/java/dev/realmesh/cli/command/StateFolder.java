// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.nio.file.Path;

/// Where a mesh on this machine keeps its state.
public final class StateFolder {
    private StateFolder() {}

    /// `$REALMESH_STATE`, else `realmesh` in `$XDG_STATE_HOME` or `~/.local/state`.
    public static Path of(Caller caller) {
        String named = caller.variable("REALMESH_STATE");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String xdg = caller.variable("XDG_STATE_HOME");
        Path base = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(xdg);
        return base.resolve("realmesh");
    }
}
