// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.Challenge;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.Nonce;
import dev.realmesh.kbs.ReleaseStatement;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.kbs.TeePublicKey;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.AttestResponse;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.GetResourceResponse;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc.KeyBrokerServiceImplBase;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The other end of the RCAR handshake, with real keys, and with the lies that a host in its place could try.
public final class BrokerPeer extends KeyBrokerServiceImplBase {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final BrokerIdentity identity = BrokerIdentity.generate();
    private final Map<String, byte[]> secrets = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private final List<Challenge> challenges = new ArrayList<>();
    private final List<AttestRequest> attestations = new ArrayList<>();
    private final Deque<Status> challengeFailures = new ArrayDeque<>();
    private Optional<Status> attestFailure = Optional.empty();
    private int attestAnswers;
    private Optional<Status> releaseFailure = Optional.empty();
    private BrokerIdentity signer = identity;
    private String ear = "e.a.r";
    private int opened;
    private int restarts;
    private int releases;
    private boolean anotherNonce;
    private boolean anotherPath;
    private boolean anotherKey;
    private boolean alteredJwe;

    public BrokerIdentity identity() {
        return identity;
    }

    public synchronized BrokerPeer holding(String path, byte[] secret) {
        secrets.put(path, secret.clone());
        return this;
    }

    public synchronized void failChallenge(Status... failures) {
        challengeFailures.addAll(List.of(failures));
    }

    public synchronized void failAttest(Status failure) {
        failAttestAfter(0, failure);
    }

    /// Fails all attestations but the first so many.
    public synchronized void failAttestAfter(int answered, Status failure) {
        attestAnswers = answered;
        attestFailure = Optional.of(failure);
    }

    /// Forgets the sessions that are open once evidence comes, as often as this is called: a restart in a handshake.
    public synchronized void restartBeforeAttest() {
        restarts++;
    }

    public synchronized void answerResult(String result) {
        ear = result;
    }

    /// How many secrets were released.
    public synchronized int releases() {
        return releases;
    }

    public synchronized void failRelease(Status failure) {
        releaseFailure = Optional.of(failure);
    }

    public synchronized void forgetSessions() {
        sessions.clear();
    }

    public synchronized void signAsSomebodyElse() {
        signer = BrokerIdentity.generate();
    }

    public synchronized void stateAnotherNonce() {
        anotherNonce = true;
    }

    public synchronized void stateAnotherPath() {
        anotherPath = true;
    }

    public synchronized void sealToAnotherKey() {
        anotherKey = true;
    }

    public synchronized void alterJwe() {
        alteredJwe = true;
    }

    /// What the realm challenge of each attestation had to be.
    public synchronized List<Challenge> challenges() {
        return List.copyOf(challenges);
    }

    public synchronized List<AttestRequest> attestations() {
        return List.copyOf(attestations);
    }

    @Override
    public synchronized void requestChallenge(
            RequestChallengeRequest request, StreamObserver<RequestChallengeResponse> observer) {
        if (!challengeFailures.isEmpty()) {
            observer.onError(challengeFailures.pop().asRuntimeException());
            return;
        }
        Nonce nonce = Nonce.random(RANDOM);
        String id = String.format("%032x", ++opened);
        sessions.put(id, new Session(nonce, Optional.empty()));
        answer(
                observer,
                RequestChallengeResponse.newBuilder()
                        .setSessionId(id)
                        .setNonce(ByteString.copyFrom(nonce.toBytes()))
                        .build());
    }

    @Override
    public synchronized void attest(AttestRequest request, StreamObserver<AttestResponse> observer) {
        if (attestFailure.isPresent() && attestations.size() >= attestAnswers) {
            observer.onError(attestFailure.get().asRuntimeException());
            return;
        }
        if (restarts > 0) {
            restarts--;
            sessions.clear();
        }
        Session session = sessions.get(request.getSessionId());
        if (session == null) {
            observer.onError(
                    Status.UNAUTHENTICATED.withDescription("unknown session").asRuntimeException());
            return;
        }
        TeePublicKey key = TeePublicKey.parse(request.getTeePublicKey().toByteArray());
        attestations.add(request);
        challenges.add(new RuntimeData(session.nonce(), key).challenge());
        sessions.put(request.getSessionId(), new Session(session.nonce(), Optional.of(key)));
        answer(
                observer,
                AttestResponse.newBuilder().setEar(ear).setResultId("result-1").build());
    }

    @Override
    public synchronized void getResource(GetResourceRequest request, StreamObserver<GetResourceResponse> observer) {
        Session session = sessions.get(request.getSessionId());
        if (releaseFailure.isPresent()) {
            observer.onError(releaseFailure.get().asRuntimeException());
        } else if (session == null || session.key().isEmpty()) {
            observer.onError(
                    Status.UNAUTHENTICATED.withDescription("unknown session").asRuntimeException());
        } else if (!secrets.containsKey(request.getPath())) {
            observer.onError(
                    Status.NOT_FOUND.withDescription("no " + request.getPath()).asRuntimeException());
        } else {
            releases++;
            answer(observer, release(session, ResourcePath.parse(request.getPath())));
        }
    }

    private GetResourceResponse release(Session session, ResourcePath path) {
        TeePublicKey key =
                anotherKey ? TeeKey.generate().publicKey() : session.key().orElseThrow();
        KbsJwe jwe = KbsJwe.seal(SecretBytes.copyOf(secrets.get(path.toString())), key);
        Nonce nonce = anotherNonce ? Nonce.random(RANDOM) : session.nonce();
        ResourcePath stated = anotherPath ? ResourcePath.parse("another/secret/1") : path;
        String statement = signer.sign(new ReleaseStatement(jwe, nonce, stated));
        byte[] json = (alteredJwe ? KbsJwe.seal(SecretBytes.copyOf(new byte[32]), key) : jwe).toJson();
        return GetResourceResponse.newBuilder()
                .setJwe(ByteString.copyFrom(json))
                .setStatement(statement)
                .build();
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private record Session(Nonce nonce, Optional<TeePublicKey> key) {}
}
