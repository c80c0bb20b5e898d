// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarException;
import dev.realmesh.cca.ear.RelyingParty;
import dev.realmesh.kbs.Challenge;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.kbs.message.Proof;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.metrics.KbsMetrics;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The RCAR handshake of the KBS protocol 0.4.0: [#challenge], then [#attest]. Blocks while the verifier works.
public final class Handshake {
    /// The protocol version spoken here; no other is.
    public static final String VERSION = "0.4.0";

    /// The TEE spoken to here.
    public static final String TEE = "cca";

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);
    private static final String PERSONALIZATION_VALUE = "cca-realm-personalization-value";

    /// Verifiers put values into what they say, such as the two nonces that differ; the stored result has them.
    private static final Pattern CLAIM_VALUES = Pattern.compile(" \\([0-9a-f]{16,}\\)");

    private final SessionStore sessions;
    private final EvidenceVerifier verifier;
    private final RelyingParty relyingParty;
    private final AuditLog audit;
    private final KbsMetrics metrics;

    /// A handshake over these sessions.
    ///
    /// @param trust who appraises, and who is believed
    /// @param audit where what came of it is recorded
    /// @param metrics where it is counted
    public Handshake(SessionStore sessions, Trust trust, AuditLog audit, KbsMetrics metrics) {
        this.sessions = sessions;
        this.verifier = trust.verifier();
        this.relyingParty = trust.relyingParty();
        this.audit = audit;
        this.metrics = metrics;
    }

    /// Whom a broker trusts with evidence.
    ///
    /// @param verifier who appraises
    /// @param relyingParty whose appraisals are believed
    public record Trust(EvidenceVerifier verifier, RelyingParty relyingParty) {}

    /// Request → Challenge.
    ///
    /// @throws RcarException.Unsupported if version or TEE is another one
    /// @throws RcarException.TooManySessions if no more sessions may be open
    public RcarSession.Challenged challenge(String version, String tee) {
        metrics.authRequested();
        try {
            RcarSession.Challenged session = open(version, tee);
            metrics.authSucceeded();
            return session;
        } catch (RuntimeException e) {
            metrics.authFailed();
            throw e;
        }
    }

    private RcarSession.Challenged open(String version, String tee) {
        if (!VERSION.equals(version)) {
            throw new RcarException.Unsupported("version", VERSION);
        }
        if (!TEE.equals(tee)) {
            throw new RcarException.Unsupported("tee", TEE);
        }
        return sessions.open();
    }

    /// Attestation → Response. The challenge is used up whatever comes of it, and a session whose evidence is refused
    /// ends. Only if no verifier was reached nothing has happened, and the challenge stands: the guest may try again.
    ///
    /// @throws RcarException if the session cannot attest, or the evidence does not convince
    public AttestedRealm attest(SessionId id, Attestation attestation) {
        metrics.attestationRequested();
        try {
            AttestedRealm realm = appraised(id, attestation);
            metrics.attestationSucceeded();
            return realm;
        } catch (RcarException.NotAffirming | RcarException.NotBound | RcarException.InitdataNotBound e) {
            metrics.attestationFailed();
            throw e;
        } catch (RuntimeException e) {
            metrics.attestationBroke();
            throw e;
        }
    }

    private AttestedRealm appraised(SessionId id, Attestation attestation) {
        RcarSession.Appraising session = sessions.useChallenge(id);
        try {
            return attest(session, attestation);
        } catch (RcarException.VerifierUnavailable e) {
            sessions.giveBack(session);
            throw e;
        } catch (RuntimeException e) {
            sessions.end(id);
            throw e;
        }
    }

    private AttestedRealm attest(RcarSession.Appraising session, Attestation attestation) {
        Challenge challenge = new RuntimeData(session.nonce(), attestation.teePublicKey()).challenge();
        var appraisal = appraisal(attestation, challenge);
        AttestedRealm realm = recorded(appraisal.resultId(), () -> realm(attestation, appraisal, challenge));
        sessions.attested(session.attested(realm));
        LOG.info("attested: result {}", appraisal.resultId());
        return realm;
    }

    private EvidenceVerifier.Appraisal appraisal(Attestation attestation, Challenge challenge) {
        return switch (attestation.proof()) {
            case Proof.Evidence evidence ->
                verifier.appraise(Bytes.copyOf(evidence.toBytes()), challenge, attestation.remarks());
            case Proof.Result result ->
                new EvidenceVerifier.Appraisal(result.ear(), AttestedRealm.passportName(result.ear()));
        };
    }

    private AttestedRealm recorded(String resultId, Supplier<AttestedRealm> verdict) {
        String actor = AttestedRealm.actor(resultId);
        try {
            AttestedRealm realm = verdict.get();
            audit.record(new AuditEvent(actor, Action.ATTEST, "", Outcome.DONE, ""));
            return realm;
        } catch (RcarException e) {
            audit.record(new AuditEvent(actor, Action.ATTEST, "", Outcome.REFUSED, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private AttestedRealm realm(Attestation attestation, EvidenceVerifier.Appraisal appraisal, Challenge challenge) {
        Ear ear = requireAffirming(appraisal.ear(), challenge);
        Optional<RealmSettings> settings = attestation.initdata().flatMap(initdata -> settings(initdata, ear));
        return new AttestedRealm(
                attestation.teePublicKey(), Verdict.of(ear), settings, appraisal.ear(), appraisal.resultId());
    }

    private Ear requireAffirming(String ear, Challenge challenge) {
        try {
            return relyingParty.requireAffirming(ear, Bytes.copyOf(challenge.toBytes()));
        } catch (EarException e) {
            throw refusal(e);
        }
    }

    private static RcarException refusal(EarException e) {
        String problem = CLAIM_VALUES.matcher(String.valueOf(e.getMessage())).replaceAll("");
        return switch (e) {
            case EarException.WrongNonce unused -> new RcarException.NotBound();
            case EarException.MissingSubmod unused -> new RcarException.NotAffirming(problem);
            case EarException.NotAffirming unused -> new RcarException.NotAffirming(problem);
            case EarException.Malformed unused -> new RcarException.NotTrusted(problem);
            case EarException.BadSignature unused -> new RcarException.NotTrusted(problem);
            case EarException.WrongProfile unused -> new RcarException.NotTrusted(problem);
            case EarException.NotCurrent unused -> new RcarException.NotTrusted(problem);
        };
    }

    /// Settings of initdata that is the Realm's own: its digest is the RPV that the verifier saw in the evidence.
    private static Optional<RealmSettings> settings(Initdata initdata, Ear ear) {
        boolean bound = Optional.ofNullable(ear.submods().get(Ear.REALM))
                .flatMap(realm -> realm.evidenceBytes(PERSONALIZATION_VALUE))
                .filter(value -> initdata.isBoundTo(value.toByteArray()))
                .isPresent();
        if (!bound) {
            throw new RcarException.InitdataNotBound();
        }
        return initdata.data().containsKey(RealmSettings.NAME)
                ? Optional.of(RealmSettings.in(initdata))
                : Optional.empty();
    }
}
