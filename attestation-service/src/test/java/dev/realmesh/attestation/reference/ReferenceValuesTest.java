// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.ServiceFixture;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.coco.reference.ReferenceValueProviderServiceGrpc;
import dev.realmesh.proto.coco.reference.ReferenceValueProviderServiceGrpc.ReferenceValueProviderServiceBlockingStub;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueRegisterRequest;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.storage.TestDatabase;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `ReferenceValueProviderService` of Trustee's API.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ReferenceValuesTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path state;

    private Optional<PostgresqlConfig> database;
    private ServiceFixture service;

    @BeforeEach
    void open() {
        database = kind.fresh();
        service = ServiceFixture.open(config(), CLOCK);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private AttestationServiceConfig config() {
        return ServiceFixture.config(state, List.of(), database);
    }

    @Test
    void valuesComeBackAsTheyWereRegisteredAndAnewerOneReplaces() {
        register(sample(
                "{\"digest\": [\"abcde\"], \"svn\": 9007199254740993, \"deep\": {\"z\": null, \"a\": [1.5, true]}}"));

        assertThat(query("digest")).contains("[\"abcde\"]");
        assertThat(query("svn")).contains("9007199254740993");
        assertThat(query("deep")).contains("{\"z\":null,\"a\":[1.5,true]}");
        assertThat(query("other")).isEmpty();

        register(sample("{\"digest\": null, \"größe €\": \"\\u0000\"}"));
        assertThat(query("digest")).contains("null");
        assertThat(query("größe €")).contains("\"\\u0000\"");
        assertThat(query("svn")).contains("9007199254740993");
    }

    @Test
    void valuesSurviveARestart() {
        register(sample("{\"digest\": [\"abcde\"]}"));

        service.close();
        service = ServiceFixture.open(config(), CLOCK);

        assertThat(query("digest")).contains("[\"abcde\"]");
    }

    @Test
    void versionMayBeAbsent() {
        register("{\"type\": \"sample\", \"payload\": \"" + base64("{\"a\": 1}".getBytes(StandardCharsets.UTF_8))
                + "\"}");
        assertThat(query("a")).contains("1");
    }

    @Test
    void corimIsAnEndorsement() {
        for (String corim : List.of("up-cca-platform-valid", "up-cca-realm-valid")) {
            register(message("corim", base64(Vectors.bytes("attestation/endorsements/" + corim + ".cbor"))));
        }

        assertThat(service.appraise("good-399").getResult().getStatus())
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
        assertStatus(
                Status.Code.ALREADY_EXISTS,
                () -> register(
                        message("corim", base64(Vectors.bytes("attestation/endorsements/up-cca-realm-valid.cbor")))));
        assertStatus(Status.Code.INVALID_ARGUMENT, () -> register(message("corim", base64(new byte[] {1, 2, 3}))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"swid", "slsa", "", "Sample"})
    void refusesOtherTypes(String type) {
        assertStatus(
                Status.Code.UNIMPLEMENTED,
                () -> register(message(type, base64("{\"a\": 1}".getBytes(StandardCharsets.UTF_8)))));
        assertThat(query("a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"version\": \"0.1.0\", \"type\": \"sample\"}",
                "{\"version\": \"0.1.0\", \"type\": \"sample\", \"provenance\": \"eyJhIjoxfQ==\"}",
                "{\"version\": \"0.2.0\", \"type\": \"sample\", \"payload\": \"eyJhIjoxfQ==\"}",
                "{\"version\": 1, \"type\": \"sample\", \"payload\": \"eyJhIjoxfQ==\"}",
                "{\"version\": \"0.1.0\", \"type\": \"sample\", \"payload\": {\"a\": 1}}",
                "{\"version\": \"0.1.0\", \"type\": \"sample\", \"payload\": \"eyJhIjoxfQ-_\"}",
                "{\"version\": \"0.1.0\", \"type\": \"sample\", \"payload\": \"W10=\"}",
                "{\"type\": \"swid\", \"type\": \"sample\", \"payload\": \"eyJhIjoxfQ==\"}"
            })
    void refusesMessagesOfAnotherShape(String message) {
        assertStatus(Status.Code.INVALID_ARGUMENT, () -> register(message));
        assertThat(query("a")).isEmpty();
    }

    @Test
    void refusesWhatIsOverALimitAndStoresNoneOfIt() {
        for (String payload : List.of(
                "{\"a\": 1, \"\": 2}",
                "{\"a\": 1, \"" + "x".repeat(257) + "\": 2}",
                "{\"a\": 1, \"b\\u0000\": 2}",
                "{\"a\": 1, \"b\\ud800\": 2}",
                "{\"a\": 1, \"b\": \"\\udc00\"}",
                "{\"a\": 1, \"b\": 1e999}",
                "{\"a\": 1, \"b\": \"" + "x".repeat(64 * 1024) + "\"}",
                "{\"a\": 1, \"b\": " + "[".repeat(20) + "]".repeat(20) + "}",
                "{\"a\": 1, \"a\": 2}",
                values(0, 1001))) {
            assertStatus(Status.Code.INVALID_ARGUMENT, () -> register(sample(payload)));
        }
        assertThat(query("a")).isEmpty();
        assertThat(query("id-1")).isEmpty();
        assertThat(query("b\u0000")).isEmpty();
        assertThat(query("x".repeat(10_000))).isEmpty();
    }

    @Test
    void refusesMoreIdsThanThereMayBe() {
        for (int i = 0; i < 10; i++) {
            register(sample(values(i * 1000, 1000)));
        }

        assertStatus(Status.Code.RESOURCE_EXHAUSTED, () -> register(sample("{\"id-1\": \"newer\", \"one-more\": 1}")));

        assertThat(query("one-more")).isEmpty();
        assertThat(query("id-1")).contains("1");
        register(sample("{\"id-1\": \"newer\"}"));
        assertThat(query("id-1")).contains("\"newer\"");
    }

    @Test
    void registeringTakesTheAdminTokenAndAskingDoesNot() {
        assertStatus(
                Status.Code.UNAUTHENTICATED, () -> open(service).registerReferenceValue(request(sample("{\"a\": 1}"))));
        assertThat(query("a")).isEmpty();
    }

    @Test
    void openAdministrationTakesNoToken() {
        service.close();
        service = ServiceFixture.open(
                config().withCoco(new CocoConfig(CocoConfig.Administration.OPEN, 300, "here")), CLOCK);

        open(service).registerReferenceValue(request(sample("{\"a\": 1}")));

        assertThat(query("a")).contains("1");
    }

    private static String values(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> "\"id-" + i + "\": " + i)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String sample(String payload) {
        return message("sample", base64(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static String message(String type, String payload) {
        return "{\"version\": \"0.1.0\", \"type\": \"" + type + "\", \"payload\": \"" + payload + "\"}";
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private void register(String message) {
        service.asAdmin(open(service)).registerReferenceValue(request(message));
    }

    private Optional<String> query(String id) {
        var response = open(service)
                .queryReferenceValue(ReferenceValueQueryRequest.newBuilder()
                        .setReferenceValueId(id)
                        .build());
        return response.hasReferenceValueResults()
                ? Optional.of(response.getReferenceValueResults())
                : Optional.empty();
    }

    private static ReferenceValueProviderServiceBlockingStub open(ServiceFixture service) {
        return ReferenceValueProviderServiceGrpc.newBlockingStub(service.channel());
    }

    private static ReferenceValueRegisterRequest request(String message) {
        return ReferenceValueRegisterRequest.newBuilder().setMessage(message).build();
    }

    private static void assertStatus(Status.Code code, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }
}
