// SPDX-License-Identifier: Apache-2.0

/// EAT Attestation Results (EAR, draft-ietf-rats-ear) with AR4SI trust vectors and Veraison's own claims. A verifier
/// starts at [EarSigningKey]; who relies on a result starts at [RelyingParty], the one place where the checks are.
@NullMarked
package dev.realmesh.cca.ear;

import org.jspecify.annotations.NullMarked;
