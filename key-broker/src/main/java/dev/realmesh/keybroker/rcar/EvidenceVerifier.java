// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.Challenge;

/// Who appraises evidence: attestation-service, in a process of its own. The broker believes what is signed in the
/// answer,
/// never who carried it.
public interface EvidenceVerifier {
    /// Has evidence appraised. Refused evidence is an answer: its appraisal says so.
    ///
    /// @param evidence the CCA token
    /// @param challenge what its realm challenge must be
    /// @param remarks for its record
    /// @throws RcarException.NotEvidence if it is not evidence at all, or the event log is another's
    /// @throws RcarException.VerifierUnavailable if no verifier is reached
    /// @throws RcarException.VerifierTimedOut if it does not answer in time
    /// @throws RcarException.VerifierFailed if it fails
    Appraisal appraise(Bytes evidence, Challenge challenge, Attestation.Remarks remarks);

    /// An appraisal as it came, believed by no one yet.
    ///
    /// @param ear the signed result, a JWT
    /// @param resultId its name in the verifier's store; empty if it stores none
    record Appraisal(String ear, String resultId) {}
}
