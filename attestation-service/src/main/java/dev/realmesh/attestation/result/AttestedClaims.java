// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.CcaEvidence;
import java.util.List;

/// What evidence claims to be, kept beside its result. All are empty if it could not be read.
///
/// @param rim Realm Initial Measurement
/// @param rpv Realm Personalization Value
/// @param implementationId the kind of platform
/// @param instanceId the platform
/// @param images what the Realm had run, as far as an event log told; in the order of their first starts
public record AttestedClaims(
        Bytes rim, Bytes rpv, Bytes implementationId, Bytes instanceId, List<MeasuredImage> images) {
    /// Of evidence that could not be read.
    public static final AttestedClaims UNREADABLE =
            new AttestedClaims(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, List.of());

    public AttestedClaims {
        images = List.copyOf(images);
    }

    /// The claims of evidence, with the images of its event log.
    public static AttestedClaims of(CcaEvidence evidence, List<MeasuredImage> images) {
        return new AttestedClaims(
                evidence.realm().claims().initialMeasurement(),
                evidence.realm().claims().personalizationValue(),
                evidence.platform().claims().implementationId(),
                evidence.platform().claims().instanceId(),
                images);
    }
}
