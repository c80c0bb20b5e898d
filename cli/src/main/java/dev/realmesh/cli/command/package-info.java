// SPDX-License-Identifier: Apache-2.0

/// One class a command. Each talks to a running mesh through its edge, by the published contracts; start at
/// [dev.realmesh.cli.container.RunCommand].
@NullMarked
package dev.realmesh.cli.command;

import org.jspecify.annotations.NullMarked;
