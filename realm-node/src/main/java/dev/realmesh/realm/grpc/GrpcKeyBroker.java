// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.Nonce;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.AttestResponse;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.GetResourceResponse;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc.KeyBrokerServiceBlockingStub;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeResponse;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.attest.KeyBroker;
import dev.realmesh.realm.attest.SessionId;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Key-broker by its gRPC service.
public final class GrpcKeyBroker implements KeyBroker {
    private static final String VERSION = "0.4.0";
    private static final String TEE = "cca";
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final Duration APPRAISAL = Duration.ofSeconds(60);

    private final KeyBrokerServiceBlockingStub stub;
    private final Calls calls;

    /// The broker over a channel.
    ///
    /// @param channel leads to key-broker
    public GrpcKeyBroker(Channel channel, Calls calls) {
        this.stub = KeyBrokerServiceGrpc.newBlockingStub(channel);
        this.calls = calls;
    }

    @Override
    public Challenged requestChallenge() {
        RequestChallengeRequest request = RequestChallengeRequest.newBuilder()
                .setVersion(VERSION)
                .setTee(TEE)
                .build();
        RequestChallengeResponse response = call("a challenge", SHORT, broker -> broker.requestChallenge(request));
        try {
            return new Challenged(
                    new SessionId(response.getSessionId()),
                    Nonce.of(response.getNonce().toByteArray()));
        } catch (KbsException e) {
            throw new BrokerException.Misbehaved("challenge that is none: " + e.getMessage());
        }
    }

    @Override
    public Appraised attest(Attestation attestation) {
        AttestRequest request = AttestRequest.newBuilder()
                .setSessionId(attestation.session().text())
                .setTeePublicKey(
                        ByteString.copyFromUtf8(attestation.teePublicKey().toJson()))
                .setEvidence(ByteString.copyFrom(attestation.proof().evidence().toBytes()))
                .setEventLog(ByteString.copyFrom(attestation.proof().eventLog()))
                .setInitdata(ByteString.copyFrom(attestation.initdata().toBytes()))
                .build();
        AttestResponse response = call("the appraisal", APPRAISAL, broker -> broker.attest(request));
        return new Appraised(response.getEar(), response.getResultId());
    }

    @Override
    public Release release(SessionId session, ResourcePath path) {
        GetResourceRequest request = GetResourceRequest.newBuilder()
                .setSessionId(session.text())
                .setPath(path.toString())
                .build();
        GetResourceResponse response = call("resource " + path, SHORT, broker -> broker.getResource(request));
        try {
            return new Release(KbsJwe.parse(response.getJwe().toByteArray()), response.getStatement());
        } catch (KbsException e) {
            throw new BrokerException.Misbehaved("resource that is no JWE: " + e.getMessage());
        }
    }

    private <T> T call(String what, Duration deadline, Function<KeyBrokerServiceBlockingStub, T> call) {
        try {
            return calls.retrying(() -> call.apply(stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)));
        } catch (StatusRuntimeException e) {
            throw failure(what, e);
        }
    }

    private static BrokerException failure(String what, StatusRuntimeException e) {
        String problem = "key-broker, " + what + ": " + Calls.description(e);
        return switch (e.getStatus().getCode()) {
            case PERMISSION_DENIED -> new BrokerException.Refused(problem);
            case UNAUTHENTICATED -> new BrokerException.SessionEnded(problem);
            case NOT_FOUND -> new BrokerException.NoSuchResource(problem);
            case INVALID_ARGUMENT -> new BrokerException.Misbehaved("refusal of a valid request; " + problem);
            default -> new BrokerException.Unavailable(problem, e);
        };
    }
}
