// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.result.AttestedClaims;
import dev.realmesh.attestation.result.ResultFeed;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.TokenException;

/// One appraisal from end to end: the verifier's result is stored, then told to who watches, then answered. What is not
/// stored is not answered.
public final class AppraiseEvidence {
    private final Appraiser appraiser;
    private final ResultStore results;
    private final ResultFeed feed;

    public AppraiseEvidence(Appraiser appraiser, ResultStore results, ResultFeed feed) {
        this.appraiser = appraiser;
        this.results = results;
        this.feed = feed;
    }

    /// Appraises, stores and publishes.
    ///
    /// @param realmId a label for the result; not verified
    /// @throws AppraisalException if there is no result
    /// @throws dev.realmesh.storage.StorageException if it cannot be stored
    public StoredResult appraise(AppraisalRequest request, String realmId) {
        Appraisal appraisal = appraiser.appraise(request);
        StoredResult stored = results.append(
                new ResultStore.NewResult(
                        realmId, request.nonce(), claims(request.evidence()), appraisal.ear(), appraisal.jwt()),
                request.evidence());
        feed.publish();
        return stored;
    }

    /// What the evidence claims, for people to find results by; whether it is true is for the result to say.
    private static AttestedClaims claims(Bytes evidence) {
        try {
            return AttestedClaims.of(CcaEvidence.decode(evidence));
        } catch (TokenException e) {
            return AttestedClaims.UNREADABLE;
        }
    }
}
