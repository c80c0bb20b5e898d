// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.endorsement.EndorsementStore;
import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.attestation.policy.AppraisalPolicy;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.storage.Database;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whole payloads of a real Veraison: ours are the same JSON, annotated evidence included, but for time and verifier.
class RecordedEarTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "good-399, good-new-profiles",
        "nonce-wrong, freshness-failure",
        "platform-sig-flipped, bad-signature",
        "implid-unknown, unknown-platform"
    })
    void resultIsTheSameJson(String token, String recorded) {
        ObjectNode expected = (ObjectNode) JSON.readTree(Vectors.bytes("attestation/ear/" + recorded + ".json"));
        Bytes nonce = Bytes.copyOf(
                Base64.getUrlDecoder().decode(expected.get("eat_nonce").asString()));

        ObjectNode payload = payload(token, nonce);

        assertThat(payload.get("iat").asLong()).isEqualTo(CLOCK.instant().getEpochSecond());
        for (String varying : List.of("iat", "ear.verifier-id")) {
            payload.remove(varying);
            expected.remove(varying);
        }
        assertThat((JsonNode) payload).isEqualTo(expected);
    }

    private ObjectNode payload(String token, Bytes nonce) {
        try (Database database = Database.openSqlite(folder.resolve("test.db"), AttestationService.MIGRATIONS)) {
            EndorsementStore store = new EndorsementStore(database, CLOCK);
            Provisioning provisioning = new Provisioning(store, List.of(), CLOCK);
            for (String corim : List.of("up-cca-platform-valid", "up-cca-realm-valid")) {
                provisioning.submit(Bytes.copyOf(Vectors.bytes("attestation/endorsements/" + corim + ".cbor")), "");
            }
            Bytes evidence = Bytes.copyOf(Vectors.bytes("attestation/tokens/" + token + ".cbor"));
            String jwt = new EmbeddedAppraiser(
                            new EmbeddedAppraiser.Rules(
                                    new ArmCcaScheme(store, AppraisalMode.VERAISON_COMPATIBLE), AppraisalPolicy.NONE),
                            EarSigningKey.generate(),
                            new Ear.VerifierId("test", "1"),
                            CLOCK)
                    .appraise(new AppraisalRequest(evidence, nonce))
                    .jwt();
            byte[] json = Base64.getUrlDecoder().decode(jwt.split("\\.")[1]);
            return (ObjectNode) JSON.readTree(new String(json, StandardCharsets.UTF_8));
        }
    }
}
