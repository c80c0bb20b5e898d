// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sealed secrets, by the recorded ones and by ones that are made here.
class UnsealTest {
    private static final JsonNode VECTOR = new JsonMapper().readTree(Vectors.text("coco/sealed-secrets/cases.json"));
    private static final String KID = "kbs:///default/sealed-secret/verification-key";
    private static final String SECRET = "kbs:///default/secret/db-password";

    private final Map<String, byte[]> resources = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Unseal unseal = Unseal.with(this::resource, Set.of("kbs", "testkms"));

    @BeforeEach
    void resources() {
        VECTOR.path("resources")
                .forEachEntry(
                        (uri, value) -> resources.put(uri, Base64.getDecoder().decode(value.stringValue())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("opening")
    void recordedSecretOpens(String name, JsonNode vector) {
        if (vector.has("sealingKeyB64")) {
            resources.put(
                    vector.path("payload").path("key_id").stringValue(),
                    Base64.getDecoder().decode(vector.path("sealingKeyB64").stringValue()));
        }
        try (SecretBytes secret = unseal.open(vector.path("sealed").stringValue())) {
            assertThat(Base64.getEncoder().encodeToString(secret.reveal()))
                    .isEqualTo(vector.path("plaintextB64").stringValue());
        }
        assertThat(asked).first().isEqualTo(KID);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void recordedSecretIsRefused(String name, JsonNode vector) {
        String sealed = vector.path("sealed").stringValue();

        assertThatThrownBy(() -> unseal.open(sealed))
                .isInstanceOf(SealedSecretException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("value-from-vault"));
        assertThat(asked).doesNotContain(SECRET, "kbs:///default/other/x");
    }

    @Test
    void eachRefusalSaysWhy() {
        assertRefused(recorded("vault-fake-header"), SealedSecretException.Malformed.class, "no JWS");
        assertRefused(recorded("bad-signature"), SealedSecretException.NotSigned.class, "not signed by " + KID);
        assertRefused(recorded("payload-swap"), SealedSecretException.NotSigned.class, "not signed by");
        assertRefused(recorded("no-kid"), SealedSecretException.NotSigned.class, "no kid");
        assertRefused(recorded("alg-none"), SealedSecretException.Malformed.class, "no JWS");
        assertRefused(recorded("version"), SealedSecretException.Unsupported.class, "version");
        assertRefused(recorded("three-parts"), SealedSecretException.Malformed.class, "no JWS");
        assertRefused("sealed." + "x".repeat(70_000), SealedSecretException.Malformed.class, "at most");
        assertRefused("secret", SealedSecretException.Malformed.class, "sealed.");
    }

    @Test
    void keyOfAnotherKindIsRefused() throws JOSEException {
        String sealed = recorded("vault-signed");
        for (String key : List.of(
                "not a key",
                "{}",
                "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "x".repeat(5000),
                new ECKeyGenerator(Curve.P_384).generate().toPublicJWK().toJSONString())) {
            resources.put(KID, key.getBytes(StandardCharsets.UTF_8));
            assertRefused(sealed, SealedSecretException.NotSigned.class, KID);
        }
        resources.put(
                KID,
                new ECKeyGenerator(Curve.P_256)
                        .generate()
                        .toPublicJWK()
                        .toJSONString()
                        .getBytes(StandardCharsets.UTF_8));
        assertRefused(sealed, SealedSecretException.NotSigned.class, "not signed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "{\"version\":\"0.1.0\"}",
                "{\"version\":\"0.1.0\",\"type\":\"box\"}",
                "{\"version\":\"0.1.0\",\"type\":\"vault\",\"name\":\"kbs:///a/b/c\",\"provider\":\"kbs\","
                        + "\"provider_settings\":{}}",
                "{\"version\":\"0.1.0\",\"type\":\"vault\",\"name\":\"file:///etc/passwd\",\"provider\":\"kbs\","
                        + "\"provider_settings\":{},\"annotations\":{}}",
                "{\"version\":\"0.1.0\",\"type\":\"vault\",\"name\":\"kbs:///a/b/c\",\"provider\":\"aliyun\","
                        + "\"provider_settings\":{},\"annotations\":{}}",
                "{\"version\":\"0.1.0\",\"type\":\"vault\",\"name\":\"kbs:///a/b/c\",\"provider\":\"kbs\","
                        + "\"provider_settings\":{},\"annotations\":{},\"more\":1}"
            })
    void signedNonsenseIsRefused(String payload) throws JOSEException {
        String sealed = sealedByKnownKey(payload);

        assertThatThrownBy(() -> unseal.open(sealed)).isInstanceOf(SealedSecretException.class);
        assertThat(asked).containsExactly(KID);
    }

    @Test
    void envelopeOfAProviderThatIsNotServedIsRefused() {
        Unseal production = Unseal.with(this::resource);

        assertThatThrownBy(() -> production.open(recorded("envelope-signed")))
                .isInstanceOf(SealedSecretException.Unsupported.class)
                .hasMessageContaining("kbs");
        assertThat(asked).containsExactly(KID);
    }

    @Test
    void envelopeStaysClosedForAnotherKey() {
        resources.put("kbs:///default/kek/1", new byte[32]);
        assertRefused(recorded("envelope-signed"), SealedSecretException.DoesNotOpen.class, "does not open");

        resources.put("kbs:///default/kek/1", new byte[31]);
        assertRefused(recorded("envelope-signed"), SealedSecretException.DoesNotOpen.class, "31 bytes");
    }

    private void assertRefused(String sealed, Class<? extends SealedSecretException> kind, String reason) {
        assertThatThrownBy(() -> unseal.open(sealed)).isInstanceOf(kind).hasMessageContaining(reason);
    }

    private String sealedByKnownKey(String payload) throws JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256).generate();
        resources.put(KID, key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8));
        JWSObject jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(KID).build(), new Payload(payload));
        jws.sign(new ECDSASigner(key));
        return "sealed." + jws.serialize();
    }

    private SecretBytes resource(ResourceUri uri) {
        asked.add(uri.toString());
        byte[] value = resources.get(uri.toString());
        if (value == null) {
            throw new IllegalStateException("no " + uri);
        }
        return SecretBytes.copyOf(value);
    }

    private static String recorded(String name) {
        return cases().filter(vector -> vector.path("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow()
                .path("sealed")
                .stringValue();
    }

    private static Stream<Object[]> opening() {
        return cases().filter(vector -> vector.path("expect").stringValue().matches("ok|ok \\(.*"))
                .map(vector -> new Object[] {vector.path("name").stringValue(), vector});
    }

    private static Stream<Object[]> refused() {
        return cases().filter(vector -> !vector.path("expect").stringValue().matches("ok|ok \\(.*"))
                .map(vector -> new Object[] {vector.path("name").stringValue(), vector});
    }

    private static Stream<JsonNode> cases() {
        return VECTOR.path("cases").valueStream();
    }
}
