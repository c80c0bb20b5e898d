// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;

/// CCA evidence, and what it must be bound to.
///
/// @param evidence the CCA token
/// @param runtimeData what it must be fresh for
/// @param initData what the Realm must have been launched with
public record VerificationRequest(Bytes evidence, RuntimeDataBinding runtimeData, InitDataBinding initData) {
    /// The only TEE whose evidence is appraised here.
    public static final String TEE = "cca";

    /// A request about evidence in the JSON of Trustee's guests.
    ///
    /// @param evidence the JSON in base64url
    /// @throws CocoException.Malformed if it is something else, or over a limit
    /// @throws dev.realmesh.kbs.KbsException.Malformed if it is no JSON object, or over a limit
    public static VerificationRequest of(String evidence, RuntimeDataBinding runtimeData, InitDataBinding initData) {
        return new VerificationRequest(CcaEvidenceJson.read(evidence), runtimeData, initData);
    }
}
