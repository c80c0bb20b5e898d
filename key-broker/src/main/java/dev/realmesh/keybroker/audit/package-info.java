// SPDX-License-Identifier: Apache-2.0

/// What the broker did, refused and changed, in a log that is only ever added to. Start at
/// [dev.realmesh.keybroker.audit.AuditLog].
@NullMarked
package dev.realmesh.keybroker.audit;

import org.jspecify.annotations.NullMarked;
