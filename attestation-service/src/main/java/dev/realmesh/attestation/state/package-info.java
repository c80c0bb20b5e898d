// SPDX-License-Identifier: Apache-2.0

/// The files that the service makes at its first start and only it may read. Start at
/// [dev.realmesh.attestation.state.StateFolder].
@NullMarked
package dev.realmesh.attestation.state;

import org.jspecify.annotations.NullMarked;
