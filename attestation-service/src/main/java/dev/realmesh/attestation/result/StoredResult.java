// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.TrustTier;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// A result in the store.
///
/// @param id its name
/// @param realmId the label that the request carried; not verified
/// @param challenge what the evidence had to be fresh for
/// @param claims what the evidence claims
/// @param ear what the result says
/// @param jwt the same, signed
public record StoredResult(UUID id, String realmId, Bytes challenge, AttestedClaims claims, Ear ear, String jwt) {
    /// When it was issued.
    public Instant issuedAt() {
        return ear.issuedAt();
    }

    /// The verdict on the attester as a whole.
    public TrustTier status() {
        return ear.status();
    }

    StoredResult withImages(List<MeasuredImage> images) {
        AttestedClaims told =
                new AttestedClaims(claims.rim(), claims.rpv(), claims.implementationId(), claims.instanceId(), images);
        return new StoredResult(id, realmId, challenge, told, ear, jwt);
    }
}
