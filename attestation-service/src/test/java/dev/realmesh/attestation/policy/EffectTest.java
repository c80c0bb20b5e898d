// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.testkit.Seeds;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A policy lowers a verdict, or leaves it.
class EffectTest {
    /// From good to bad.
    private static final List<TrustTier> VERDICTS =
            List.of(TrustTier.AFFIRMING, TrustTier.NONE, TrustTier.WARNING, TrustTier.CONTRAINDICATED);

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void nothingThatAPolicyAsksForMakesAnythingBetter(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int round = 0; round < 500; round++) {
            SubmodAppraisal before = appraisal(random);
            SubmodAppraisal after = effect(random).on(before);

            assertThat(rank(after.status())).isGreaterThanOrEqualTo(rank(before.status()));
            assertThat(after.status().worseVerdict(after.vector().tier())).isEqualTo(after.status());
            for (TrustClaim claim : TrustClaim.values()) {
                assertThat(rank(TrustTier.ofClaim(after.vector().get(claim))))
                        .isGreaterThanOrEqualTo(
                                rank(TrustTier.ofClaim(before.vector().get(claim))));
            }
            assertThat(after.policyClaims()).containsAllEntriesOf(before.policyClaims());
            assertThat(after.annotatedEvidence()).isEqualTo(before.annotatedEvidence());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 3, 3",
        "2, 33, 33",
        "2, 96, 96",
        "3, 2, 3",
        "33, 2, 33",
        "33, 3, 33",
        "33, 96, 96",
        "96, 33, 96",
        "99, 0, 99",
        "0, 2, 0",
        "0, 33, 33",
        "-1, 2, -1",
        "2, 0, 0",
        "33, 32, 33",
        "33, -96, -96"
    })
    void aClaimIsTheWorseOfTheSchemesAndThePolicys(int scheme, int policy, int result) {
        SubmodAppraisal before =
                SubmodAppraisal.of(TrustVector.NO_CLAIM.with(TrustClaim.EXECUTABLES, scheme), "policy:ARM_CCA", "");
        Effect effect = new Effect(Optional.empty(), Map.of(TrustClaim.EXECUTABLES, policy), Map.of(), "");

        assertThat(effect.on(before).vector().get(TrustClaim.EXECUTABLES)).isEqualTo(result);
    }

    @Test
    void theProblemsOfSchemeAndPolicyAreBothTold() {
        SubmodAppraisal before = SubmodAppraisal.of(TrustVector.all(33), "policy:ARM_CCA", "M1 is not endorsed");

        assertThat(Effect.failed("no such claim").on(before).problem()).isEqualTo("M1 is not endorsed; no such claim");
    }

    private static SubmodAppraisal appraisal(RandomGenerator random) {
        TrustVector vector = TrustVector.NO_CLAIM;
        for (TrustClaim claim : TrustClaim.values()) {
            vector = vector.with(claim, random.nextInt(-128, 128));
        }
        return new SubmodAppraisal(
                vector.tier().worseVerdict(VERDICTS.get(random.nextInt(4))),
                vector,
                "policy:ARM_CCA",
                Map.of("owner", "scheme"),
                Map.of("cca-realm-challenge", "AA=="));
    }

    private static Effect effect(RandomGenerator random) {
        Map<TrustClaim, Integer> claims = new EnumMap<>(TrustClaim.class);
        for (TrustClaim claim : TrustClaim.values()) {
            if (random.nextBoolean()) {
                claims.put(claim, random.nextInt(-128, 128));
            }
        }
        Optional<TrustTier> status =
                random.nextBoolean() ? Optional.of(VERDICTS.get(random.nextInt(4))) : Optional.empty();
        return new Effect(status, claims, Map.of("owner", "policy"), "");
    }

    private static int rank(TrustTier tier) {
        return VERDICTS.indexOf(tier);
    }
}
