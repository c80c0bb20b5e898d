// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.terminal.TerminalSize;
import java.util.Optional;

/// What a process of a container is connected to.
///
/// @param input whether it has a standard input that can be written to; else it reads nothing
/// @param terminal the size of its terminal, which then is all of its streams; none for pipes
public record Streams(boolean input, Optional<TerminalSize> terminal) {
    /// Outputs alone, by pipes.
    public static final Streams OUTPUTS = new Streams(false, Optional.empty());
}
