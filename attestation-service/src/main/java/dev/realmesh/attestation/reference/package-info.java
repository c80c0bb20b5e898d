// SPDX-License-Identifier: Apache-2.0

/// Reference values by id, as Trustee's reference value provider keeps them. Start at
/// [dev.realmesh.attestation.reference.ReferenceValueProvider].
@NullMarked
package dev.realmesh.attestation.reference;

import org.jspecify.annotations.NullMarked;
