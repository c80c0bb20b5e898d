// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.AppraiseEvidence;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.CpuAppraisal;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.TrusteeEar;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.TokenException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One evaluation from end to end: initdata is compared, the evidence is appraised and the result stored as any other,
/// and, unless it was refused, a token is issued from that result.
public final class EvaluateEvidence {
    private final AppraiseEvidence appraisals;
    private final EarSigningKey key;
    private final Issuer issuer;
    private final InstantSource clock;

    /// Who issues tokens.
    ///
    /// @param name who the tokens say it is
    /// @param duration how long a token holds
    public record Issuer(String name, Duration duration) {}

    /// @param key signs the tokens
    public EvaluateEvidence(AppraiseEvidence appraisals, EarSigningKey key, Issuer issuer, InstantSource clock) {
        this.appraisals = appraisals;
        this.key = key;
        this.issuer = issuer;
        this.clock = clock;
    }

    /// The token for evidence that is genuine and bound to what it must be; its verdict may still be a bad one.
    ///
    /// @throws CocoException.EvidenceRefused if the evidence is not so
    /// @throws dev.realmesh.attestation.appraisal.AppraisalException if there is no result
    /// @throws dev.realmesh.storage.StorageException if it cannot be stored
    public String evaluate(VerificationRequest request) {
        AppraisalRequest appraisal =
                new AppraisalRequest(request.evidence(), request.runtimeData().challenge());
        requireInitData(request);
        StoredResult stored = appraisals.appraise(appraisal);
        Ear ear = stored.ear();
        if (ear.submods().containsKey(Ear.REFUSED)) {
            throw new CocoException.EvidenceRefused("result " + stored.id() + " says why");
        }
        Instant now = clock.instant();
        return key.sign(new TrusteeEar(
                now,
                now.plus(issuer.duration()),
                issuer.name(),
                ear.verifier(),
                new TreeMap<>(Map.of(TrusteeEar.CPU, CpuAppraisal.of(ear, known(request))))));
    }

    private static Map<String, Object> known(VerificationRequest request) {
        Map<String, Object> known = new TreeMap<>();
        known.put("runtime_data_claims", value(request.runtimeData().claims()));
        known.put("init_data_claims", value(request.initData().claims()));
        return known;
    }

    private static @Nullable Object value(JsonNode claims) {
        return JsonMapper.shared().convertValue(claims, Object.class);
    }

    /// Evidence that cannot be read here is not left to another verifier: nobody would have compared it.
    private static void requireInitData(VerificationRequest request) {
        Optional<Bytes> expected = request.initData().personalizationValue();
        if (expected.isPresent() && !expected.equals(personalizationValue(request.evidence()))) {
            throw new CocoException.EvidenceRefused(
                    "the personalization value (RPV) is not the digest of the init data");
        }
    }

    private static Optional<Bytes> personalizationValue(Bytes evidence) {
        try {
            return Optional.of(CcaEvidence.decode(evidence).realm().claims().personalizationValue());
        } catch (TokenException ignored) {
            return Optional.empty();
        }
    }
}
