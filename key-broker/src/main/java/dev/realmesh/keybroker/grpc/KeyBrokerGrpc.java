// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.TeePublicKey;
import dev.realmesh.kbs.message.Proof;
import dev.realmesh.keybroker.rcar.Attestation;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.keybroker.rcar.Handshake;
import dev.realmesh.keybroker.rcar.RcarSession;
import dev.realmesh.keybroker.rcar.SessionId;
import dev.realmesh.keybroker.release.ReleaseResource;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.AttestResponse;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.GetResourceResponse;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeResponse;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/// `KeyBrokerService`: the handshake and the release. Blocks; its server runs calls on virtual threads.
public final class KeyBrokerGrpc extends KeyBrokerServiceGrpc.KeyBrokerServiceImplBase {
    private final Handshake handshake;
    private final ReleaseResource release;

    /// The service over a handshake and a release.
    public KeyBrokerGrpc(Handshake handshake, ReleaseResource release) {
        this.handshake = handshake;
        this.release = release;
    }

    /// The service as the bus offers it: results are labelled with the Realm's name at its host.
    public BindableService labelled() {
        return RealmLabel.labelled(this);
    }

    @Override
    public void requestChallenge(RequestChallengeRequest request, StreamObserver<RequestChallengeResponse> observer) {
        Statuses.answer(observer, () -> {
            RcarSession.Challenged session = handshake.challenge(request.getVersion(), request.getTee());
            return RequestChallengeResponse.newBuilder()
                    .setSessionId(session.id().text())
                    .setNonce(ByteString.copyFrom(session.nonce().toBytes()))
                    .build();
        });
    }

    @Override
    public void attest(AttestRequest request, StreamObserver<AttestResponse> observer) {
        Statuses.answer(observer, () -> {
            AttestedRealm attested = handshake.attest(new SessionId(request.getSessionId()), attestation(request));
            return AttestResponse.newBuilder()
                    .setEar(attested.token())
                    .setResultId(attested.resultId())
                    .build();
        });
    }

    @Override
    public void getResource(GetResourceRequest request, StreamObserver<GetResourceResponse> observer) {
        Statuses.answer(observer, () -> {
            ReleaseResource.Released released =
                    release.release(new SessionId(request.getSessionId()), ResourcePath.parse(request.getPath()));
            return GetResourceResponse.newBuilder()
                    .setJwe(ByteString.copyFrom(released.jwe().toJson()))
                    .setStatement(released.statement())
                    .build();
        });
    }

    private static Proof proof(AttestRequest request) {
        return switch (request.getProofCase()) {
            case EAR -> new Proof.Result(request.getEar());
            case EVIDENCE, PROOF_NOT_SET ->
                new Proof.Evidence(request.getEvidence().toByteArray());
        };
    }

    private static Attestation attestation(AttestRequest request) {
        byte[] initdata = request.getInitdata().toByteArray();
        return new Attestation(
                TeePublicKey.parse(request.getTeePublicKey().toByteArray()),
                proof(request),
                initdata.length == 0 ? Optional.empty() : Optional.of(Initdata.parse(initdata)),
                new Attestation.Remarks(
                        RealmLabel.current(), Bytes.copyOf(request.getEventLog().toByteArray())));
    }
}
