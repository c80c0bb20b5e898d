// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.TeeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A guest of the KBS protocol over HTTP, as upstream's client is one.
final class KbsClientUnderTest implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    static final String REQUEST = "{\"version\":\"0.4.0\",\"tee\":\"cca\",\"extra-params\":{}}";

    final TeeKey key = TeeKey.generate();
    String cookie = "";
    String nonce = "";

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;

    KbsClientUnderTest(BrokerUnderTest broker) {
        base = URI.create("http://127.0.0.1:" + broker.broker.httpPort().orElseThrow());
    }

    /// Request → Challenge.
    KbsClientUnderTest auth() {
        HttpResponse<String> challenge = send("POST", "/kbs/v0/auth", Map.of(), REQUEST);
        cookie = challenge.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        nonce = JSON.readTree(challenge.body()).required("nonce").stringValue();
        return this;
    }

    /// Attestation → Response.
    HttpResponse<String> attest(Initdata initdata) {
        return send("POST", "/kbs/v0/attest", Map.of("Cookie", cookie), attestation(initdata, "evidence".getBytes()));
    }

    String attestation(Initdata initdata, byte[] evidence) {
        String token = IntStream.range(0, evidence.length)
                .mapToObj(i -> Integer.toString(evidence[i] & 0xff))
                .collect(Collectors.joining(","));
        return "{\"init-data\":{\"format\":\"toml\",\"body\":" + JSON.writeValueAsString(new String(initdata.toBytes()))
                + "},\"runtime-data\":{\"nonce\":\"" + nonce + "\",\"tee-pubkey\":"
                + key.publicKey().toJson()
                + "},\"tee-evidence\":{\"primary_evidence\":{\"token\":[" + token
                + "]},\"additional_evidence\":\"\"}}";
    }

    HttpResponse<String> get(String path) {
        return send("GET", "/kbs/v0/resource/" + path, Map.of("Cookie", cookie), "");
    }

    /// The secret in an answer, for this guest's key.
    String open(HttpResponse<String> answer) {
        try (SecretBytes secret = KbsJwe.parse(answer.body().getBytes()).open(key)) {
            return new String(secret.reveal());
        }
    }

    HttpResponse<String> send(String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        headers.forEach(request::header);
        request.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Last part of the problem's type.
    static String kind(HttpResponse<String> answer) {
        JsonNode problem = JSON.readTree(answer.body());
        String type = problem.required("type").stringValue();
        return type.substring(type.lastIndexOf('/') + 1);
    }

    @Override
    public void close() {
        http.close();
    }
}
