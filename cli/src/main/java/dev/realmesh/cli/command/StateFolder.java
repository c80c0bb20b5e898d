// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.nio.file.Path;

/// Where a mesh on this machine keeps its state.
public final class StateFolder {
    private StateFolder() {}

    /// `$REALMESH_STATE`, else `realmesh` in `$XDG_STATE_HOME` or `~/.local/state`.
    public static Path path() {
        String named = System.getenv("REALMESH_STATE");
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        String xdg = System.getenv("XDG_STATE_HOME");
        Path base = xdg != null && !xdg.isBlank()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("realmesh");
    }
}
