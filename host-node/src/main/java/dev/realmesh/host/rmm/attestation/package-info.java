// SPDX-License-Identifier: Apache-2.0

/// Attestation tokens of Realms: the realm token, which the RMM signs, beside the platform token, which it got at boot.
/// Start at [dev.realmesh.host.rmm.attestation.CcaAttestation].
@NullMarked
package dev.realmesh.host.rmm.attestation;

import org.jspecify.annotations.NullMarked;
