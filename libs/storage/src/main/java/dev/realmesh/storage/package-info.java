// SPDX-License-Identifier: Apache-2.0

/// A service's database, SQLite in its state folder or PostgreSQL, migrated at start. Start at
/// [dev.realmesh.storage.Database].
@NullMarked
package dev.realmesh.storage;

import org.jspecify.annotations.NullMarked;
