// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is no store, and a token with the names of its claims.
class TrustAnchorStoreTest {
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
}
