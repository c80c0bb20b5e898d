// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import com.google.protobuf.ByteString;
import dev.realmesh.kbs.BrokerPublicKey;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.Nonce;
import dev.realmesh.kbs.ReleaseStatement;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.AttestResponse;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.GetResourceResponse;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc.KeyBrokerServiceBlockingStub;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeResponse;
import java.nio.charset.StandardCharsets;

/// A guest in one session: what realm-node does, step by step.
final class GuestUnderTest {
    final TeeKey key = TeeKey.generate();

    private final KeyBrokerServiceBlockingStub broker;
    private final RequestChallengeResponse challenge;

    GuestUnderTest(KeyBrokerServiceBlockingStub broker) {
        this.broker = broker;
        this.challenge = broker.requestChallenge(RequestChallengeRequest.newBuilder()
                .setVersion("0.4.0")
                .setTee("cca")
                .build());
    }

    String session() {
        return challenge.getSessionId();
    }

    Nonce nonce() {
        return Nonce.of(challenge.getNonce().toByteArray());
    }

    byte[] boundChallenge() {
        return new RuntimeData(nonce(), key.publicKey()).challenge().toBytes();
    }

    AttestRequest.Builder attestation(Initdata initdata) {
        return AttestRequest.newBuilder()
                .setSessionId(session())
                .setTeePublicKey(ByteString.copyFromUtf8(key.publicKey().toJson()))
                .setEvidence(ByteString.copyFrom("evidence".getBytes(StandardCharsets.UTF_8)))
                .setInitdata(ByteString.copyFrom(initdata.toBytes()));
    }

    AttestResponse attest(Initdata initdata) {
        return broker.attest(attestation(initdata).build());
    }

    GetResourceResponse get(String path) {
        return broker.getResource(GetResourceRequest.newBuilder()
                .setSessionId(session())
                .setPath(path)
                .build());
    }

    /// Asks for a secret, believes the answer only if the pinned broker signed it, and opens it.
    byte[] secret(String path, BrokerPublicKey pinned) {
        GetResourceResponse response = get(path);
        KbsJwe jwe = KbsJwe.parse(response.getJwe().toByteArray());
        pinned.verify(response.getStatement(), new ReleaseStatement(jwe, nonce(), ResourcePath.parse(path)));
        try (SecretBytes secret = jwe.open(key)) {
            return secret.reveal();
        }
    }
}
