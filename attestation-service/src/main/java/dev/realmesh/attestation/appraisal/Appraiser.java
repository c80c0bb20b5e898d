// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

/// A verifier of CCA evidence: in this process, or a real Veraison behind its REST API. Evidence that is refused is a
/// result like any other; an exception says that there is none.
public interface Appraiser {
    /// Appraises evidence. May block.
    ///
    /// @throws AppraisalException if there is no result
    Appraisal appraise(AppraisalRequest request);

    /// The public JWK, with its algorithm, of the key that signs the results.
    String signingKey();
}
