// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.MecPolicy;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.TokenGeneration;
import dev.realmesh.testkit.Vectors;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The payload of realm tokens against the bytes that TF-RMM signed (`rmm/tokens.json`).
class RealmEvidenceTest {
    private static final Bytes INSTANCE_ID = Bytes.ofHex("01" + "44".repeat(32));

    @Test
    void writesTheBytesThatTfRmmSigns() {
        JsonNode tokens =
                JsonMapper.shared().readTree(Vectors.text("rmm/tokens.json")).get("tokens");
        assertThat(tokens).hasSize(2);
        for (JsonNode token : tokens) {
            List<Bytes> measurements = new ArrayList<>();
            token.get("measurements").forEach(each -> measurements.add(Bytes.ofHex(each.asString())));
            RealmEvidence evidence = new RealmEvidence(
                    INSTANCE_ID,
                    hex(token, "rpv"),
                    token.get("hashAlgo").asString(),
                    measurements,
                    MecPolicy.valueOf(token.get("mecPolicy").asString().toUpperCase(Locale.ROOT)));
            Bytes challenge = hex(token, "challenge");
            Bytes key = hex(token, "realmPublicKeyCose");
            assertThat(evidence.claims(challenge, key, TokenOptions.RMM_1_0)
                            .toCbor()
                            .encode())
                    .isEqualTo(hex(token, "realmPayload"));
        }
    }

    @Test
    void writesTheClaimsOf2024InTheOrderOfCurrentTfRmm() {
        Bytes key = Signatures.coseKey(
                        (ECPublicKey) Signatures.generate(EcCurve.P384).getPublic())
                .encode();
        RealmEvidence evidence = new RealmEvidence(
                INSTANCE_ID,
                Bytes.EMPTY.padTo(64),
                "sha-512",
                Collections.nCopies(5, Bytes.EMPTY.padTo(64)),
                MecPolicy.PRIVATE);
        RealmClaims claims =
                evidence.claims(Bytes.EMPTY.padTo(64), key, new TokenOptions(TokenGeneration.V2024, "sha-384"));
        assertThat(claims.toCbor().entries())
                .extracting(entry -> entry.key().asLong("label"))
                .containsExactly(10L, 256L, 44235L, 44237L, 44236L, 44240L, 44243L, 265L, 44238L, 44239L);
        assertThat(claims.toCbor().find(RealmClaims.MEC_POLICY)).contains(CborValue.of(1));
        assertThat(claims.mecPolicy()).contains(MecPolicy.PRIVATE);
        assertThat(claims.instanceId()).contains(INSTANCE_ID);
        assertThat(claims.profileUri()).isEqualTo("tag:arm.com,2024:realm#2.0.0");
        assertThat(claims.publicKeyHashAlgorithm()).isEqualTo("sha-384");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-224", "sha-1", "SHA-256", ""})
    void bindsTheKeyByNoOtherHash(String algorithm) {
        assertThatThrownBy(() -> new TokenOptions(TokenGeneration.V2023, algorithm))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Bytes hex(JsonNode token, String field) {
        return Bytes.ofHex(token.get(field).asString());
    }
}
