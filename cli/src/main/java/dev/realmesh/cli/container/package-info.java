// SPDX-License-Identifier: Apache-2.0

/// Containers in Realms that live on: [dev.realmesh.cli.container.RunInRealm] is `run` with a terminal, an input, a
/// name or
/// in the background, and [dev.realmesh.cli.container.ContainerCommands] are `realm exec`, `logs`, `stop` and the like.
@NullMarked
package dev.realmesh.cli.container;

import org.jspecify.annotations.NullMarked;
