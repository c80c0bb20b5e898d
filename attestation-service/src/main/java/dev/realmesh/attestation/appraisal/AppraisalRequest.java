// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.media.MediaTypes;
import dev.realmesh.cca.Bytes;

/// Evidence, and what it must be fresh for.
///
/// @param evidence the CCA token, 1 byte to 64 KiB; whether it is one is for the appraisal to say
/// @param nonce what the realm challenge must be once it is padded with zero bytes, 8 to 64 bytes
public record AppraisalRequest(Bytes evidence, Bytes nonce) {
    /// The media type of CCA evidence of all profiles.
    public static final String MEDIA_TYPE = "application/eat-collection; profile=\"http://arm.com/CCA-SSD/1.0.0\"";

    private static final int MAX_EVIDENCE_BYTES = 64 * 1024;

    public AppraisalRequest {
        if (evidence.isEmpty() || evidence.size() > MAX_EVIDENCE_BYTES) {
            throw new AppraisalException.NotEvidence(
                    "evidence: " + evidence.size() + " bytes (expected: 1 to " + MAX_EVIDENCE_BYTES + ")");
        }
        if (nonce.size() < 8 || nonce.size() > 64) {
            throw new AppraisalException.NotEvidence("challenge: " + nonce.size() + " bytes (expected: 8 to 64)");
        }
    }

    /// A request whose evidence comes with a media type; the empty one stands for [#MEDIA_TYPE].
    ///
    /// @throws AppraisalException.NotEvidence if it is of another type, or over a limit
    public static AppraisalRequest of(Bytes evidence, String mediaType, Bytes nonce) {
        if (!mediaType.isEmpty() && !MediaTypes.isSame(mediaType, MEDIA_TYPE)) {
            throw new AppraisalException.NotEvidence("media type: another (expected: " + MEDIA_TYPE + ")");
        }
        return new AppraisalRequest(evidence, nonce);
    }
}
