// SPDX-License-Identifier: Apache-2.0

/// Terminals of containers: [dev.realmesh.realm.terminal.ConsoleSocket] takes one from the OCI runtime, and
/// [dev.realmesh.realm.terminal.PseudoTerminal] is it, by the system calls that Java has no words for.
@NullMarked
package dev.realmesh.realm.terminal;

import org.jspecify.annotations.NullMarked;
