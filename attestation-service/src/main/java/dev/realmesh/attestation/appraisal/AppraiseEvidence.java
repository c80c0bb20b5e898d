// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.result.AttestedClaims;
import dev.realmesh.attestation.result.ResultFeed;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.attestation.result.RuntimeLog;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.TokenException;
import java.util.Optional;

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

    /// Appraises, stores and publishes a result of which nothing but the evidence is known.
    ///
    /// @throws AppraisalException if there is no result
    /// @throws dev.realmesh.storage.StorageException if it cannot be stored
    public StoredResult appraise(AppraisalRequest request) {
        return appraise(request, "", Bytes.EMPTY);
    }

    /// Appraises, stores and publishes.
    ///
    /// @param realmId a label for the result; not verified
    /// @param eventLog what the Realm says that it has run; may be empty
    /// @throws AppraisalException if there is no result, or the log is not that of the evidence
    /// @throws dev.realmesh.storage.StorageException if it cannot be stored
    public StoredResult appraise(AppraisalRequest request, String realmId, Bytes eventLog) {
        Optional<CcaEvidence> evidence = decoded(request.evidence());
        // A log that cannot be compared with anything tells nothing.
        RuntimeLog log = evidence.map(each -> RuntimeEvents.of(each, eventLog)).orElse(RuntimeLog.NONE);
        Appraisal appraisal = appraiser.appraise(request);
        StoredResult stored = results.append(
                new ResultStore.NewResult(
                        realmId,
                        request.nonce(),
                        evidence.map(each -> AttestedClaims.of(each, log.images()))
                                .orElse(AttestedClaims.UNREADABLE),
                        appraisal.ear(),
                        appraisal.jwt()),
                request.evidence(),
                log.events());
        feed.publish();
        return stored;
    }

    private static Optional<CcaEvidence> decoded(Bytes evidence) {
        try {
            return Optional.of(CcaEvidence.decode(evidence));
        } catch (TokenException e) {
            return Optional.empty();
        }
    }
}
