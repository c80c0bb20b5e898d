// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.realmesh.testkit.Vectors;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `ccatoken verify` of the Rust tools on the same tokens with the same trust anchors.
class TrustAnchorStoreTest {
    /// The Rust tools look a key up by instance alone, and take the algorithm from the unprotected header.
    private static final Set<String> LAX = Set.of("implid-unknown", "alg-unprotected");
    private static final TrustAnchorStore STORE = TrustAnchorStore.parse(Vectors.text("attestation/rust/ta-base.json"));

    @ParameterizedTest(name = "{0}")
    @MethodSource("verified")
    void agreesWithTheRustToolsOnWhatIsGenuine(String token, String verdict) {
        CcaEvidence evidence = CcaEvidence.decode(CcaEvidenceTest.token(token));
        switch (verdict) {
            case "2 2" -> STORE.requireGenuine(evidence);
            case "97 0" ->
                assertThatThrownBy(() -> STORE.requireGenuine(evidence))
                        .isInstanceOf(IntegrityException.NoTrustAnchor.class);
            case "99 0" ->
                assertThatThrownBy(() -> STORE.requireGenuine(evidence))
                        .isInstanceOf(IntegrityException.PlatformSignature.class);
            case "2 99" ->
                assertThatThrownBy(() -> STORE.requireGenuine(evidence)).isInstanceOf(IntegrityException.class);
            default -> throw new IllegalArgumentException(verdict);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[1]",
                "[{}]",
                "[{\"pkey\":{}}]",
                "[{\"pkey\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"},\"implementation-id\":\"00\"}]"
            })
    void refusesWhatIsNoStore(String json) {
        assertThatThrownBy(() -> TrustAnchorStore.parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsATokenWithTheNamesOfItsClaims() {
        Map<String, Object> shown = TokenJson.show(CcaEvidence.decode(CcaEvidenceTest.token("realm-extra-claim")));

        assertThat(shown).containsOnlyKeys("tag", "cca-platform-token", "cca-realm-delegated-token");
        Map<?, ?> platform = (Map<?, ?>) shown.get("cca-platform-token");
        assertThat(platform.get("cca-platform-instance-id")).isEqualTo("01" + "02".repeat(32));
        assertThat((List<?>) platform.get("cca-platform-sw-components")).hasSize(4);
        Map<?, ?> realm = (Map<?, ?>) shown.get("cca-realm-delegated-token");
        assertThat(realm.get("cca-realm-initial-measurement")).isEqualTo("43".repeat(64));
        assertThat(realm.keySet()).anyMatch(name -> String.valueOf(name).matches("-?[0-9]+"));
    }

    static Stream<Object[]> verified() throws ParseException {
        Map<?, ?> tokens = (Map<?, ?>) JSONObjectUtils.parse(Vectors.text("attestation/rust-ccatoken-outcomes.json"))
                .get("tokens");
        return tokens.entrySet().stream()
                .filter(entry -> verdict(entry.getValue()).matches("(2|97|99) (0|2|99)"))
                .filter(entry -> isReadByUs(String.valueOf(entry.getKey())))
                .map(entry -> new Object[] {entry.getKey(), verdict(entry.getValue())});
    }

    private static boolean isReadByUs(String token) {
        try {
            CcaEvidence.decode(CcaEvidenceTest.token(token));
            return !LAX.contains(token);
        } catch (TokenException e) {
            return false;
        }
    }

    private static String verdict(Object outcome) {
        Object verify = ((Map<?, ?>) outcome).get("verify");
        return identity(verify, "platform") + " " + identity(verify, "realm");
    }

    private static String identity(Object verify, String part) {
        return ((Map<?, ?>) verify).get(part) instanceof Map<?, ?> vector
                ? String.valueOf(vector.get("instance-identity"))
                : "none";
    }
}
