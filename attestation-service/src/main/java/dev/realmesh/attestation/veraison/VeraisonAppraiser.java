// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import dev.realmesh.attestation.appraisal.Appraisal;
import dev.realmesh.attestation.appraisal.AppraisalException;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.Appraiser;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarException;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.remote.Patience;
import dev.realmesh.remote.RemoteException;
import dev.realmesh.remote.RemoteService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// A verifier that is a real Veraison. Its result is passed on as it is, signed by Veraison's own key, once it has been
/// checked to be an answer to this request: the pinned signer, the nonce, the time, and a verdict on both platform and
/// Realm, or on the evidence as a whole.
///
/// While Veraison does not answer, an appraisal is tried again; when it goes on so, it is left alone for a while, and
/// appraisals fail at once.
public final class VeraisonAppraiser implements Appraiser, AutoCloseable {
    private static final Duration MAX_SKEW = Duration.ofSeconds(60);
    private static final Set<String> VERDICTS = Set.of(Ear.PLATFORM, Ear.REALM);
    private static final Set<String> REFUSAL = Set.of(Ear.REFUSED);

    private final URI base;
    private final RemoteService http;
    private final ChallengeResponse sessions;
    private final String signingKey;
    private final EarVerifier signer;
    private final InstantSource clock;
    private final Patience patience;

    private VeraisonAppraiser(VeraisonConfig config, String signingKey, InstantSource clock) {
        this.base = config.verification();
        this.http = new RemoteService(config.access());
        this.sessions = new ChallengeResponse(http, base, new Discovery(http, base, clock));
        this.signingKey = signingKey;
        this.signer = EarVerifier.ofJwk(signingKey);
        this.clock = clock;
        this.patience = new Patience(base, config.attempts());
    }

    /// A client of the Veraison that `config` names. It is not called yet.
    ///
    /// @throws IllegalArgumentException if a file of the configuration cannot be used; the message says which
    public static VeraisonAppraiser open(VeraisonConfig config, InstantSource clock) {
        return new VeraisonAppraiser(config, read(config.earKey()), clock);
    }

    @Override
    public Appraisal appraise(AppraisalRequest request) {
        try {
            String jwt = patience.during(() -> sessions.appraise(request));
            return new Appraisal(checked(jwt, request.nonce()), jwt);
        } catch (RemoteException e) {
            throw new AppraisalException.Unavailable("Veraison, " + e.getMessage(), e);
        }
    }

    /// What is wrong with Veraison, as its discovery document shows, in words for anybody; empty if nothing is. It is
    /// asked once, also where appraisals leave it alone.
    public Optional<String> problem() {
        try {
            sessions.probe();
            return Optional.empty();
        } catch (RemoteException.Unreachable e) {
            return Optional.of("does not answer");
        } catch (RemoteException e) {
            return Optional.of("gives no answer that can be used");
        }
    }

    /// The key that Veraison is expected to sign by.
    @Override
    public String signingKey() {
        return signingKey;
    }

    private Ear checked(String jwt, Bytes nonce) {
        Ear ear;
        try {
            ear = signer.verify(jwt);
        } catch (EarException e) {
            sessions.forgetDiscovery();
            throw new RemoteException.NotTrusted(base, "result: " + e.getMessage());
        }
        if (!ear.nonce().equals(nonce)) {
            throw new RemoteException.NotTrusted(base, "result for another nonce");
        }
        Instant now = clock.instant();
        if (Duration.between(ear.issuedAt(), now).abs().compareTo(MAX_SKEW) > 0) {
            throw new RemoteException.NotTrusted(
                    base, "result of " + ear.issuedAt() + " (expected: within a minute of " + now + ")");
        }
        Set<String> submods = ear.submods().keySet();
        if (!submods.containsAll(VERDICTS) && !submods.equals(REFUSAL)) {
            throw new RemoteException.NotTrusted(
                    base,
                    "result on " + String.join(", ", submods) + " (expected: on " + Ear.PLATFORM + " and " + Ear.REALM
                            + ")");
        }
        return ear;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("ear-key: " + file + " not read (expected: a public JWK)", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
