// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import com.google.protobuf.ByteString;
import dev.realmesh.kbs.Nonce;
import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc.KeyBrokerServiceBlockingStub;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// A guest of a key broker, as a benchmark drives it: each handshake is a new session of its one TEE key (P-256).
sealed interface BenchGuest {
    /// Path of the secret that it gets.
    String PATH = "default/bench/secret";

    /// Request, Challenge, Attestation, Response.
    void handshake() throws Exception;

    /// The secret for the last session, sealed.
    void resource() throws Exception;

    /// By gRPC over the bus.
    final class OnBus implements BenchGuest {
        private final KeyBrokerServiceBlockingStub broker;
        private final BenchEvidence evidence;
        private final TeeKey key = TeeKey.generate();
        private String session = "";

        OnBus(KeyBrokerServiceBlockingStub broker, BenchEvidence evidence) {
            this.broker = broker;
            this.evidence = evidence;
        }

        @Override
        public void handshake() {
            RequestChallengeResponse challenge = broker.requestChallenge(RequestChallengeRequest.newBuilder()
                    .setVersion("0.4.0")
                    .setTee("cca")
                    .build());
            RuntimeData runtimeData =
                    new RuntimeData(Nonce.of(challenge.getNonce().toByteArray()), key.publicKey());
            session = challenge.getSessionId();
            broker.attest(AttestRequest.newBuilder()
                    .setSessionId(session)
                    .setTeePublicKey(ByteString.copyFromUtf8(key.publicKey().toJson()))
                    .setEvidence(ByteString.copyFrom(
                            evidence.over(runtimeData.challenge().toBytes()).toByteArray()))
                    .build());
        }

        @Override
        public void resource() {
            broker.getResource(GetResourceRequest.newBuilder()
                    .setSessionId(session)
                    .setPath(PATH)
                    .build());
        }
    }

    /// By the KBS protocol over HTTP, from any broker that speaks it.
    final class OverHttp implements BenchGuest {
        private final HttpClient http;
        private final URI base;
        private final BenchEvidence evidence;
        private final TeeKey key = TeeKey.generate();
        private String cookie = "";

        OverHttp(HttpClient http, URI base, BenchEvidence evidence) {
            this.http = http;
            this.base = base;
            this.evidence = evidence;
        }

        @Override
        public void handshake() throws Exception {
            HttpResponse<String> challenge =
                    send(post("auth", "{\"version\":\"0.4.0\",\"tee\":\"cca\",\"extra-params\":{}}"));
            cookie = challenge.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
            String nonce = JsonMapper.shared()
                    .readTree(challenge.body())
                    .required("nonce")
                    .stringValue();
            RuntimeData runtimeData = new RuntimeData(Nonce.fromBase64(nonce), key.publicKey());
            send(post("attest", attestation(nonce, runtimeData)));
        }

        @Override
        public void resource() throws Exception {
            send(request("resource/" + PATH));
        }

        private String attestation(String nonce, RuntimeData runtimeData) {
            byte[] token = evidence.over(runtimeData.challenge().toBytes()).toByteArray();
            String numbers = Arrays.stream(boxed(token)).map(String::valueOf).collect(Collectors.joining(","));
            return "{\"runtime-data\":{\"nonce\":\"" + nonce + "\",\"tee-pubkey\":"
                    + key.publicKey().toJson() + "},\"tee-evidence\":{\"primary_evidence\":{\"token\":[" + numbers
                    + "]},\"additional_evidence\":\"\"}}";
        }

        private static Integer[] boxed(byte[] bytes) {
            Integer[] numbers = new Integer[bytes.length];
            Arrays.setAll(numbers, i -> Byte.toUnsignedInt(bytes[i]));
            return numbers;
        }

        private HttpRequest.Builder post(String path, String json) {
            return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
        }

        private HttpRequest.Builder request(String path) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(base.resolve("/kbs/v0/" + path)).version(HttpClient.Version.HTTP_1_1);
            return cookie.isEmpty() ? request : request.header("Cookie", cookie);
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(response + ": " + response.body());
            }
            return response;
        }
    }
}
