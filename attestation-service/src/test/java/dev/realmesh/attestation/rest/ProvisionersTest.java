// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.rest.RestConfig.Authentication;
import dev.realmesh.testkit.Vectors;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may provision endorsements: who has the admin token, shown as the service is told to take it.
class ProvisionersTest {
    private static final byte[] CORIM = Vectors.bytes("attestation/endorsements/m-plat-base.cbor");

    @TempDir
    private Path state;

    @Test
    void theTokenIsTakenAsBearerOrAsPassword() {
        try (RestFixture fixture = open(Authentication.BEARER, Authentication.BASIC)) {
            assertThat(submit(fixture, "Bearer " + fixture.adminToken).body()).contains("\"success\"");
            assertThat(submit(fixture, basic("cocli", fixture.adminToken)).body())
                    .contains("stored already");
        }
    }

    @Test
    void theTokenIsTakenOnlyAsConfigured() {
        try (RestFixture fixture = open(Authentication.BEARER)) {
            requireRefused(submit(fixture, basic("cocli", fixture.adminToken)), "Bearer");
        }
        try (RestFixture fixture = open(Authentication.BASIC)) {
            requireRefused(submit(fixture, "Bearer " + fixture.adminToken), "Basic realm=\"veraison\"");
            assertThat(submit(fixture, basic("", fixture.adminToken)).body()).contains("\"success\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer ", "Bearer wrong", "Basic", "Basic ***", "Basic Og==", "Basic d3Jvbmc=", "Digest x"})
    void whoDoesNotHaveTheTokenIsRefusedBeforeTheBodyIsRead(String authorization) {
        try (RestFixture fixture = open(Authentication.BEARER, Authentication.BASIC)) {
            requireRefused(submit(fixture, authorization), "Bearer, Basic realm=\"veraison\"");
            assertThat(submit(fixture, "Bearer " + fixture.adminToken).body()).contains("\"success\"");
        }
    }

    @Test
    void verificationAndDiscoveryAreOpenToAll() {
        try (RestFixture fixture = open(Authentication.BEARER)) {
            assertThat(fixture.get("/.well-known/veraison/provisioning").statusCode())
                    .isEqualTo(200);
            assertThat(fixture.get(fixture.newSession()).statusCode()).isEqualTo(200);
        }
    }

    private RestFixture open(Authentication... ways) {
        RestConfig config = new RestConfig(
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of(ways),
                RestConfig.NonceEncoding.BASE64URL,
                Duration.ofSeconds(150),
                100);
        return RestFixture.open(state, config, InstantSource.system());
    }

    private static HttpResponse<String> submit(RestFixture fixture, String authorization) {
        Map<String, String> headers = authorization.isEmpty()
                ? Map.of("Content-Type", RestFixture.PLATFORM)
                : Map.of("Content-Type", RestFixture.PLATFORM, "Authorization", authorization);
        return fixture.post(RestFixture.SUBMIT, headers, CORIM);
    }

    private static String basic(String user, String password) {
        byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static void requireRefused(HttpResponse<String> response, String ways) {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains(ways);
        assertThat(RestFixture.json(response).get("title").asString()).isEqualTo("Unauthorized");
    }
}
