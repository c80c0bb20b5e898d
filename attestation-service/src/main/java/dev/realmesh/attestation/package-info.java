// SPDX-License-Identifier: Apache-2.0

/// The attestation service: verifier of CCA evidence, keeper of endorsements and of results. Start at
/// [dev.realmesh.attestation.AttestationService].
@NullMarked
package dev.realmesh.attestation;

import org.jspecify.annotations.NullMarked;
