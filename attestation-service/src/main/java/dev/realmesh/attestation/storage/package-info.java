// SPDX-License-Identifier: Apache-2.0

/// The service's database, SQLite in its state folder or PostgreSQL, migrated at start. Start at
/// [dev.realmesh.attestation.storage.Database].
@NullMarked
package dev.realmesh.attestation.storage;

import org.jspecify.annotations.NullMarked;
