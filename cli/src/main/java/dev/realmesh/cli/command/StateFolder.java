// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.nio.file.Path;

/// Where a mesh on this machine keeps its state.
public final class StateFolder {
    private StateFolder() {}

    /// `$REALMESH_STATE`, else `realmesh` in `$XDG_STATE_HOME` or `~/.local/state`.
    public static Path of(Caller caller) {
        return caller.path("REALMESH_STATE")
                .orElseGet(() -> caller.path("XDG_STATE_HOME")
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"))
                        .resolve("realmesh"));
    }
}
