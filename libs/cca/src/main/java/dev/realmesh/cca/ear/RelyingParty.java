// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import dev.realmesh.cca.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What must hold before anyone relies on an EAR of a CCA Realm: a pinned signer, the profile, this session's nonce, a
/// recent issue, and an affirming verdict on **both** the platform and the Realm. Anything else, the status `none` and
/// an absent submod included, is a no.
public final class RelyingParty {
    /// How far a verifier's clock may be ahead of ours.
    private static final Duration MAX_SKEW = Duration.ofSeconds(60);

    private final List<EarVerifier> signers;
    private final Duration maxAge;
    private final InstantSource clock;

    /// @param signers the verifiers that are trusted; at least one
    /// @param maxAge how old a result may be
    public RelyingParty(List<EarVerifier> signers, Duration maxAge, InstantSource clock) {
        if (signers.isEmpty() || maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("relying party: " + signers.size() + " signers, age " + maxAge
                    + " (expected: a signer, and a positive age)");
        }
        this.signers = List.copyOf(signers);
        this.maxAge = maxAge;
        this.clock = clock;
    }

    /// The result that `jwt` is, if all of the above holds for it.
    ///
    /// @param nonce the session's own
    /// @throws EarException the first check that fails
    public Ear requireAffirming(String jwt, Bytes nonce) {
        Ear ear = verified(signer -> signer.verify(jwt));
        if (!ear.nonce().equals(nonce)) {
            throw new EarException.WrongNonce();
        }
        requireCurrent(ear);
        requireAffirming(ear.submods(), Ear.PLATFORM, refusal(ear));
        requireAffirming(ear.submods(), Ear.REALM, refusal(ear));
        return ear;
    }

    /// The result in Trustee's form that `jwt` is, if a pinned signer made it, it has not expired, and its verdict on
    /// the confidential guest is affirming. It has no nonce: it holds for whoever has the key that it names.
    ///
    /// @throws EarException the first check that fails
    public TrusteeEar requireAffirmingPassport(String jwt) {
        TrusteeEar ear = verified(signer -> signer.verifyTrustee(jwt));
        Instant now = clock.instant();
        if (ear.issuedAt().isAfter(now.plus(MAX_SKEW)) || !now.isBefore(ear.expiresAt())) {
            throw new EarException.NotCurrent(ear.issuedAt(), now);
        }
        requireAffirming(ear.submods(), TrusteeEar.CPU, "");
        return ear;
    }

    private <T> T verified(Function<EarVerifier, T> verification) {
        EarException refused = new EarException.BadSignature();
        for (EarVerifier signer : signers) {
            try {
                return verification.apply(signer);
            } catch (EarException.BadSignature e) {
                refused = e;
            }
        }
        throw refused;
    }

    private void requireCurrent(Ear ear) {
        Instant now = clock.instant();
        if (ear.issuedAt().isAfter(now.plus(MAX_SKEW)) || ear.issuedAt().isBefore(now.minus(maxAge))) {
            throw new EarException.NotCurrent(ear.issuedAt(), now);
        }
    }

    private static void requireAffirming(Map<String, SubmodAppraisal> submods, String submod, String refusal) {
        SubmodAppraisal appraisal = Optional.ofNullable(submods.get(submod))
                .orElseThrow(() -> new EarException.MissingSubmod(submod, refusal));
        if (appraisal.status() != TrustTier.AFFIRMING || appraisal.vector().tier() != TrustTier.AFFIRMING) {
            throw new EarException.NotAffirming(submod, appraisal.status(), appraisal.problem());
        }
    }

    private static String refusal(Ear ear) {
        return Optional.ofNullable(ear.submods().get(Ear.REFUSED))
                .map(SubmodAppraisal::problem)
                .orElse("");
    }
}
