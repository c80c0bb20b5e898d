// SPDX-License-Identifier: Apache-2.0

/// The audit log of a broker as anyone can check it: entries that are chained by their hashes. Start at
/// [dev.realmesh.kbs.audit.AuditChain].
@NullMarked
package dev.realmesh.kbs.audit;

import org.jspecify.annotations.NullMarked;
