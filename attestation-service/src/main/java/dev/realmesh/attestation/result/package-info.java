// SPDX-License-Identifier: Apache-2.0

/// Attestation results: stored for good, listed by pages, watched as they come. Start at
/// [dev.realmesh.attestation.result.ResultStore] and [dev.realmesh.attestation.result.ResultFeed].
@NullMarked
package dev.realmesh.attestation.result;

import org.jspecify.annotations.NullMarked;
