// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The payload of realm tokens against the bytes that TF-RMM signed (`rmm/tokens.json`).
class RealmEvidenceTest {
    @Test
    void writesTheBytesThatTfRmmSigns() {
        JsonNode tokens =
                JsonMapper.shared().readTree(Vectors.text("rmm/tokens.json")).get("tokens");
        assertThat(tokens).hasSize(2);
        for (JsonNode token : tokens) {
            List<Bytes> measurements = new ArrayList<>();
            token.get("measurements").forEach(each -> measurements.add(Bytes.ofHex(each.asString())));
            RealmEvidence evidence = new RealmEvidence(
                    hex(token, "rpv"),
                    token.get("hashAlgo").asString(),
                    measurements.getFirst(),
                    measurements.subList(1, 5),
                    token.get("mecPolicy").asString());
            assertThat(evidence.claims(hex(token, "challenge"), hex(token, "realmPublicKeyCose"))
                            .toCbor()
                            .encode())
                    .isEqualTo(hex(token, "realmPayload"));
        }
    }

    private static Bytes hex(JsonNode token, String field) {
        return Bytes.ofHex(token.get(field).asString());
    }
}
