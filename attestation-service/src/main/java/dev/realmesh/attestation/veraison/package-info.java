// SPDX-License-Identifier: Apache-2.0

/// A real Veraison as the verifier, over its REST API. Start at [dev.realmesh.attestation.veraison.VeraisonAppraiser].
@NullMarked
package dev.realmesh.attestation.veraison;

import org.jspecify.annotations.NullMarked;
