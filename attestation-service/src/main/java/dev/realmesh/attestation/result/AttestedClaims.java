// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.CcaEvidence;

/// What evidence claims to be, kept beside its result. All are empty if it could not be read.
///
/// @param rim Realm Initial Measurement
/// @param rpv Realm Personalization Value
/// @param implementationId the kind of platform
/// @param instanceId the platform
public record AttestedClaims(Bytes rim, Bytes rpv, Bytes implementationId, Bytes instanceId) {
    /// Of evidence that could not be read.
    public static final AttestedClaims UNREADABLE =
            new AttestedClaims(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);

    /// The claims of evidence.
    public static AttestedClaims of(CcaEvidence evidence) {
        return new AttestedClaims(
                evidence.realm().claims().initialMeasurement(),
                evidence.realm().claims().personalizationValue(),
                evidence.platform().claims().implementationId(),
                evidence.platform().claims().instanceId());
    }
}
