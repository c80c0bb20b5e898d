// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Recorded tokens of both generations and both outer forms: what reads, what is refused, and that nothing is lost.
class CcaEvidenceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "up-cca-good", "up-e2e-evidence", "good-399", "good-907", "good-legacy-all", "good-mixed",
                "rak-p256-cose", "rak-cose-extra", "v2-realm-2024", "v2-both-2024", "v2-platform-2024", "rust-01",
                "rust-02", "rust-ffm00", "sw-no-type", "platform-extra-claim", "realm-extra-claim"
            })
    void readsAndRewritesTokensOfOtherIssuersByteForByte(String name) {
        Bytes token = token(name);
        assertThat(CcaEvidence.decode(token).encode()).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "malformed-empty-map",
                "malformed-garbage",
                "malformed-truncated",
                "malformed-trailing",
                "malformed-untagged",
                "malformed-no-realm",
                "malformed-no-platform",
                "malformed-399-with-cmw",
                "malformed-dup-key",
                "malformed-deep",
                "indefinite-map",
                "untagged-sign1",
                "907-other-type"
            })
    void refusesWhatIsNoCollectionOfSignedTokens(String name) {
        assertThatThrownBy(() -> CcaEvidence.decode(token(name))).isInstanceOf(TokenException.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "challenge-32",
                "config-missing",
                "implid-31",
                "instid-prefix2",
                "lifecycle-gap-3100",
                "lifecycle-over-16bit",
                "platform-no-hashalg",
                "profile-missing",
                "rak-cose-in-legacy",
                "rak-cose-wrongalg",
                "rak-p256-raw",
                "rak-raw-with-profile",
                "realm-missing-challenge",
                "realm-missing-rak",
                "realm-missing-rakhash",
                "realm-missing-rim",
                "rem-five",
                "rem-three",
                "rpv-63",
                "sw-empty",
                "sw-no-signer"
            })
    void refusesClaimsThatBreakTheProfile(String name) {
        assertThatThrownBy(() -> CcaEvidence.decode(token(name)))
                .isInstanceOf(TokenException.BadClaim.class)
                .hasMessageStartingWith("claim ");
    }

    @Test
    void refusesAPlatformProfileThatIsNotKnown() {
        assertThatThrownBy(() -> CcaEvidence.decode(token("profile-unknown")))
                .isInstanceOf(TokenException.UnknownProfile.class);
    }

    @Test
    void refusesMoreThanSixtyFourKibibytes() {
        assertThatThrownBy(() -> CcaEvidence.decode(Bytes.EMPTY.padTo(64 * 1024 + 1)))
                .isInstanceOf(TokenException.Malformed.class)
                .hasMessageContaining("65536");
    }

    @Test
    void readsTheClaims() {
        CcaEvidence evidence = CcaEvidence.decode(token("good-907"));

        assertThat(evidence.form()).isEqualTo(CcaEvidence.Form.CMW_COLLECTION);
        PlatformClaims platform = evidence.platform().claims();
        assertThat(platform.implementationId()).isEqualTo(Bytes.EMPTY.padTo(32));
        assertThat(platform.instanceId().hex()).isEqualTo("01" + "02".repeat(32));
        assertThat(platform.lifecycle()).isEqualTo(SecurityLifecycle.SECURED);
        assertThat(platform.config().hex()).isEqualTo("010203");
        assertThat(platform.softwareComponents())
                .extracting(SoftwareComponent::type)
                .containsExactly("BL", "M1", "M2", "M3");
        RealmClaims realm = evidence.realm().claims();
        assertThat(realm.initialMeasurement().hex()).isEqualTo("43".repeat(64));
        assertThat(realm.personalizationValue().hex()).isEqualTo("4144".repeat(32));
        assertThat(realm.attestationKey().point().size()).isEqualTo(97);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedTokensAreReadOrRefusedNeverWorse(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] good = token(random.nextBoolean() ? "good-399" : "good-907").toByteArray();
        for (int i = 0; i < 300; i++) {
            byte[] mutated = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(CcaEvidence.decode(Bytes.copyOf(mutated)).platform()).isNotNull();
            } catch (TokenException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    static Bytes token(String name) {
        return Bytes.copyOf(Vectors.bytes("attestation/tokens/" + name + ".cbor"));
    }
}
