// SPDX-License-Identifier: Apache-2.0

/// CCA attestation tokens (draft-ffm-rats-cca-token, DEN0137 §A7): the collection in both outer forms, the platform
/// token and the realm token, read, written and checked. Start at [CcaEvidence#decode]; claims are in
/// [PlatformClaims] and [RealmClaims], signatures and binding in [EvidenceIntegrity], people's view in [TokenJson].
@NullMarked
package dev.realmesh.cca.token;

import org.jspecify.annotations.NullMarked;
