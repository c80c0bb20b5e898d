// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.endorsement.EndorsementException;
import dev.realmesh.attestation.endorsement.EndorsementStore;
import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.attestation.policy.AppraisalPolicy;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.storage.Database;
import dev.realmesh.testkit.Vectors;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every recorded verification of a real Veraison: the same submods, statuses, vectors and problems, but for the
/// deviations that are listed with their reason.
class VeraisonAgreementTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String REFUSED = "ARM_CCA contraindicated";
    private static final String GOOD = "CCA_REALM affirming, CCA_SSD_PLATFORM affirming";
    private static final String PLATFORM_WARNING = "CCA_REALM affirming, CCA_SSD_PLATFORM warning";

    /// What we answer where Veraison's answer is a defect, or is asked to change.
    private static final Map<String, String> DEVIATIONS = new TreeMap<>(Map.ofEntries(
            // A duplicate map key hides one of two contents.
            Map.entry("base/malformed-dup-key", REFUSED),
            // A record that says it is no EAT.
            Map.entry("base/907-other-type", REFUSED),
            // A Realm has four extensible measurements.
            Map.entry("base/rem-three", REFUSED),
            Map.entry("base/rem-five", REFUSED),
            // A component without a type matches only reference values without a name; Veraison gives up without a
            // word.
            Map.entry("base/sw-no-type", PLATFORM_WARNING),
            Map.entry("m-plat-base/sw-no-type", PLATFORM_WARNING),
            Map.entry("m-plat-other-signer/sw-no-type", PLATFORM_WARNING),
            Map.entry("m-plat-missing-m3/sw-no-type", PLATFORM_WARNING),
            Map.entry("m-plat-no-config/sw-no-type", PLATFORM_WARNING),
            Map.entry("m-plat-ta-only/sw-no-type", PLATFORM_WARNING),
            Map.entry("rust02/rust-02", GOOD),
            // The same trust anchor twice is one trust anchor.
            Map.entry("dup-ta/good-399", GOOD),
            // The profiles of 2024 are what current TF-RMM emits.
            Map.entry("profiles-2024/v2-realm-2024", GOOD),
            Map.entry("profiles-2024/v2-both-2024", GOOD),
            Map.entry("profiles-2024/v2-platform-2024", GOOD)));

    private static final EarSigningKey KEY = EarSigningKey.generate();
    private static final Set<String> SEEN = new HashSet<>();

    @TempDir
    private Path folder;

    private final Map<String, EndorsementStore> stores = new HashMap<>();
    private final List<Database> databases = new ArrayList<>();

    @TestFactory
    Stream<DynamicContainer> scenarios() {
        return JSON.readTree(Vectors.bytes("attestation/verification-cases.json"))
                .valueStream()
                .map(scenario -> DynamicContainer.dynamicContainer(
                        scenario.get("scenario").asString(),
                        scenario.get("verifications").valueStream().map(verification -> test(scenario, verification))));
    }

    @AfterEach
    void close() {
        databases.forEach(Database::close);
    }

    @AfterAll
    static void everyDeviationWasMet() {
        assertThat(SEEN).containsExactlyInAnyOrderElementsOf(DEVIATIONS.keySet());
    }

    private DynamicTest test(JsonNode scenario, JsonNode verification) {
        String token = verification.get("token").asString();
        String name = scenario.get("scenario").asString() + "/"
                + token.replaceFirst("tokens/", "").replaceFirst("\\.cbor", "");
        return DynamicTest.dynamicTest(name, () -> {
            Ear ear = appraise(
                    scenario, token, verification.get("session_nonce_hex").asString());
            JsonNode expected = verification.get("expect").path("submods");
            if (DEVIATIONS.containsKey(name)) {
                SEEN.add(name);
                assertThat(summary(ear)).isEqualTo(DEVIATIONS.get(name));
                assertThat(summary(expected)).isNotEqualTo(DEVIATIONS.get(name));
            } else {
                requireSame(ear, expected);
            }
        });
    }

    private Ear appraise(JsonNode scenario, String token, String nonce) {
        EndorsementStore store =
                stores.computeIfAbsent(scenario.get("scenario").asString(), name -> provision(scenario));
        Appraiser appraiser = new EmbeddedAppraiser(
                new EmbeddedAppraiser.Rules(
                        new ArmCcaScheme(store, AppraisalMode.VERAISON_COMPATIBLE), AppraisalPolicy.NONE),
                KEY,
                new Ear.VerifierId("test", "1"),
                CLOCK);
        Appraisal appraisal = appraiser.appraise(
                new AppraisalRequest(Bytes.copyOf(Vectors.bytes("attestation/" + token)), Bytes.ofHex(nonce)));
        assertThat(EarVerifier.ofJwk(appraiser.signingKey()).verify(appraisal.jwt()))
                .isEqualTo(appraisal.ear());
        return appraisal.ear();
    }

    private EndorsementStore provision(JsonNode scenario) {
        Database database = Database.openSqlite(
                folder.resolve(scenario.get("scenario").asString() + ".db"), AttestationService.MIGRATIONS);
        databases.add(database);
        EndorsementStore store = new EndorsementStore(database, CLOCK);
        Provisioning provisioning = new Provisioning(store, List.of(), CLOCK);
        scenario.get("endorsements").forEach(endorsement -> submit(provisioning, endorsement));
        return store;
    }

    private static void submit(Provisioning provisioning, JsonNode endorsement) {
        Bytes corim = Bytes.copyOf(
                Vectors.bytes("attestation/" + endorsement.get("file").asString()));
        String type = endorsement.get("media_type").asString();
        if (endorsement.get("expect_status").asString().equals("success")) {
            provisioning.submit(corim, type);
        } else {
            assertThatThrownBy(() -> provisioning.submit(corim, type)).isInstanceOf(EndorsementException.class);
        }
    }

    private static void requireSame(Ear ear, JsonNode expected) {
        assertThat(summary(ear)).isEqualTo(summary(expected));
        ear.submods().forEach((name, appraisal) -> requireSame(appraisal, expected.get(name)));
    }

    private static void requireSame(SubmodAppraisal appraisal, JsonNode expected) {
        for (TrustClaim claim : TrustClaim.values()) {
            assertThat(appraisal.vector().get(claim))
                    .as(claim.earName())
                    .isEqualTo(expected.get("trust_vector").get(claim.earName()).asInt());
        }
        assertThat(appraisal.policyId()).isEqualTo(expected.get("policy_id").asString());
        assertThat(!appraisal.annotatedEvidence().isEmpty())
                .isEqualTo(expected.get("has_annotated_evidence").asBoolean());
        JsonNode problem = expected.path("policy_claims").path("problem");
        if (problem.isString()) {
            assertThat(appraisal.problem()).isEqualTo(problem.asString());
        }
    }

    private static String summary(Ear ear) {
        Map<String, String> statuses = new TreeMap<>();
        ear.submods()
                .forEach((name, appraisal) ->
                        statuses.put(name, appraisal.status().earName()));
        return summary(statuses);
    }

    private static String summary(JsonNode submods) {
        Map<String, String> statuses = new TreeMap<>();
        submods.propertyStream()
                .forEach(submod -> statuses.put(
                        submod.getKey(), submod.getValue().get("status").asString()));
        return summary(statuses);
    }

    private static String summary(Map<String, String> statuses) {
        return String.join(
                ", ",
                statuses.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
    }
}
