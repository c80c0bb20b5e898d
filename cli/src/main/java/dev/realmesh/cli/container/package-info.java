// SPDX-License-Identifier: Apache-2.0

/// Realms and their containers: [dev.realmesh.cli.container.RunCommand] is `run`, by
/// [dev.realmesh.cli.container.RunInRealm] for containers that are talked to or stay, and
/// [dev.realmesh.cli.container.RealmCommand] is `realm`.
@NullMarked
package dev.realmesh.cli.container;

import org.jspecify.annotations.NullMarked;
