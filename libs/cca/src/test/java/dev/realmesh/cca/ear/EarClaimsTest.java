// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Vectors;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What policies of a relying party see of a result.
class EarClaimsTest {
    private static final Ear EAR = Ear.of(
            Instant.parse("2026-11-23T12:00:00Z"),
            Bytes.copyOf(new byte[64]),
            new Ear.VerifierId("tests", "1"),
            Map.of(
                    Ear.PLATFORM,
                    appraisal(33).annotated(Map.of("cca-platform-lifecycle", 12288L)),
                    Ear.REALM,
                    appraisal(2).annotated(Map.of("cca-realm-challenge", "AAE="))));

    private static SubmodAppraisal appraisal(int executables) {
        return SubmodAppraisal.of(TrustVector.NO_CLAIM.with(TrustClaim.EXECUTABLES, executables), "policy:ARM_CCA", "");
    }

    @Test
    void verdictsOnPlatformAndRealmAreOneMoreAsTrusteeHasIt() {
        String jwt = EarSigningKey.generate().sign(EAR);

        Map<String, Object> claims = EarClaims.in(jwt).forPolicies(Map.of("runtime_data_claims", Map.of("a", 1)));

        assertThat(claims.get("submods")).isInstanceOfSatisfying(Map.class, submods -> {
            assertThat(submods.keySet()).isEqualTo(java.util.Set.of(Ear.PLATFORM, Ear.REALM, TrusteeEar.CPU));
            assertThat(submods.get(TrusteeEar.CPU))
                    .isEqualTo(Map.of(
                            "ear.status",
                            "warning",
                            "ear.trustworthiness-vector",
                            Map.of("executables", 33),
                            "ear.appraisal-policy-id",
                            "policy:ARM_CCA",
                            "ear.veraison.annotated-evidence",
                            Map.of(
                                    "cca",
                                    Map.of(
                                            "platform", Map.of("cca-platform-lifecycle", 12288L),
                                            "realm", Map.of("cca-realm-challenge", "AAE=")),
                                    "report_data",
                                    "0001",
                                    "init_data",
                                    "",
                                    "runtime_data_claims",
                                    Map.of("a", 1))));
        });
    }

    @Test
    void resultThatTrusteeMadeStaysAsItIs() {
        Map<String, Object> recorded = new TreeMap<>();
        JsonMapper.shared()
                .readValue(Vectors.bytes("coco/kbs-http/ear-cca.claims.json"), Map.class)
                .forEach((name, claim) -> recorded.put(String.valueOf(name), claim));

        EarClaims claims = EarClaims.of(recorded);

        assertThat(claims.forPolicies(Map.of("more", 1))).isEqualTo(recorded);
        assertThat(claims.trusteeEar()
                        .orElseThrow()
                        .submods()
                        .get(TrusteeEar.CPU)
                        .status())
                .isEqualTo(TrustTier.AFFIRMING);
        assertThat(claims.ear()).isEmpty();
    }

    @Test
    void whatIsNoResultIsOfNeitherForm() {
        assertThat(EarClaims.of(Map.of("a", 1)).ear()).isEmpty();
        assertThat(EarClaims.of(Map.of("a", 1)).trusteeEar()).isEmpty();
        assertThatThrownBy(
                        () -> EarClaims.of(Map.of("eat_profile", Ear.PROFILE)).forPolicies(Map.of()))
                .isInstanceOf(EarException.Malformed.class);
        assertThatThrownBy(() -> EarClaims.in("x")).isInstanceOf(EarException.Malformed.class);
    }
}
