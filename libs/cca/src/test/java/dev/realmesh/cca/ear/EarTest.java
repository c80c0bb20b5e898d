// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// EARs of this project and of a real Veraison, and what a relying party makes of them.
class EarTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Bytes NONCE = Bytes.ofHex("6f24d6b9").padTo(64);
    private static final TrustVector GOOD = TrustVector.NO_CLAIM.with(TrustClaim.EXECUTABLES, 2);

    private final EarSigningKey key = EarSigningKey.generate();
    private final RelyingParty party = party(key.publicJwk(), NOW);

    @Test
    void signedResultReadsBackWhole() {
        Ear ear = ear(GOOD, GOOD);
        String jwt = key.sign(ear);

        assertThat(EarVerifier.ofJwk(key.publicJwk()).verify(jwt)).isEqualTo(ear);
        assertThat(party.requireAffirming(jwt, NONCE)).isEqualTo(ear);
        assertThat(decode(jwt, 0)).isEqualTo("{\"typ\":\"JWT\",\"alg\":\"ES256\"}");
        assertThat(decode(jwt, 1))
                .contains("\"eat_nonce\":\"byTWuQAAAA")
                .contains("==\"")
                .doesNotContain("\"exp\"");
    }

    @Test
    void resultInTrusteesFormExpiresAndNamesTheKeyOfItsSet() throws ParseException, JOSEException {
        SubmodAppraisal cpu = SubmodAppraisal.of(GOOD, "policy", "").annotated(Map.of("init_data", "00"));
        String jwt = key.sign(new TrusteeEar(
                NOW,
                NOW.plusSeconds(300),
                "issuer",
                new Ear.VerifierId("developer", "build"),
                new TreeMap<>(Map.of(TrusteeEar.CPU, cpu))));
        JWSObject jws = JWSObject.parse(jwt);
        ECKey named = (ECKey)
                JWKSet.parse(key.publicJwkSet()).getKeyByKeyId(jws.getHeader().getKeyID());

        assertThat(jws.verify(new ECDSAVerifier(named))).isTrue();
        assertThat(named.isPrivate()).isFalse();
        assertThat(named.getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(decode(jwt, 0))
                .isEqualTo("{\"kid\":\"" + named.computeThumbprint() + "\",\"typ\":\"JWT\",\"alg\":\"ES256\"}");
        assertThat(jws.getPayload().toJSONObject()).isEqualTo(JSONObjectUtils.parse("""
                        {"eat_profile": "tag:github.com,2024:confidential-containers/Trustee",
                         "iat": 1795435200, "exp": 1795435500, "iss": "issuer",
                         "ear.verifier-id": {"developer": "developer", "build": "build"},
                         "submods": {"cpu0": {
                           "ear.status": "affirming",
                           "ear.trustworthiness-vector": {"executables": 2},
                           "ear.appraisal-policy-id": "policy",
                           "ear.veraison.annotated-evidence": {"init_data": "00"}}}}
                        """));
    }

    @Test
    void joinedVectorHasTheWorseOfEachClaimAndNoneHidesAnother() {
        TrustVector platform = GOOD.with(TrustClaim.HARDWARE, 2)
                .with(TrustClaim.CONFIGURATION, 32)
                .with(TrustClaim.FILE_SYSTEM, -1);
        TrustVector realm = TrustVector.NO_CLAIM
                .with(TrustClaim.EXECUTABLES, 33)
                .with(TrustClaim.INSTANCE_IDENTITY, 2)
                .with(TrustClaim.CONFIGURATION, 2)
                .with(TrustClaim.FILE_SYSTEM, 2);
        TrustVector joined = TrustVector.NO_CLAIM
                .with(TrustClaim.EXECUTABLES, 33)
                .with(TrustClaim.HARDWARE, 2)
                .with(TrustClaim.INSTANCE_IDENTITY, 2)
                .with(TrustClaim.CONFIGURATION, 32)
                .with(TrustClaim.FILE_SYSTEM, -1);

        assertThat(platform.joinedWith(realm)).isEqualTo(joined);
        assertThat(realm.joinedWith(platform)).isEqualTo(joined);
        assertThat(platform.joinedWith(TrustVector.REFUSED)).isEqualTo(TrustVector.REFUSED);
    }

    @Test
    void verifiesResultsOfARealVeraison() {
        RelyingParty relying = party(Vectors.text("attestation/keys/ear-verification-key.jwk"), NOW);
        String good = Vectors.text("attestation/ear/good-907.jwt").strip();
        Ear ear = EarVerifier.ofJwk(Vectors.text("attestation/keys/ear-verification-key.jwk"))
                .verify(good);

        assertThat(ear.status()).isEqualTo(TrustTier.AFFIRMING);
        assertThat(ear.submods()).containsOnlyKeys(Ear.PLATFORM, Ear.REALM);
        assertThat(party(Vectors.text("attestation/keys/ear-verification-key.jwk"), ear.issuedAt())
                        .requireAffirming(good, ear.nonce()))
                .isEqualTo(ear);
        assertThat(ear.submods().get(Ear.REALM))
                .satisfies(realm -> assertThat(realm.evidenceBytes("cca-realm-initial-measurement"))
                        .contains(Bytes.ofHex("43".repeat(64))));
        assertThatThrownBy(() -> relying.requireAffirming(good.substring(0, good.length() - 4) + "AAAA", ear.nonce()))
                .isInstanceOf(EarException.BadSignature.class);
    }

    @Test
    void refusesAResultOfARealVeraisonThatRefusesTheEvidence() {
        String jwk = Vectors.text("attestation/keys/ear-verification-key.jwk");
        String jwt = Vectors.text("attestation/ear/nonce-wrong.jwt").strip();
        Ear ear = EarVerifier.ofJwk(jwk).verify(jwt);

        assertThat(ear.status()).isEqualTo(TrustTier.CONTRAINDICATED);
        assertThatThrownBy(() -> party(jwk, ear.issuedAt()).requireAffirming(jwt, ear.nonce()))
                .isInstanceOf(EarException.MissingSubmod.class)
                .hasMessageContaining("freshness");
    }

    @Test
    void refusesASignerThatIsNotPinned() {
        String jwt = EarSigningKey.generate().sign(ear(GOOD, GOOD));
        assertThatThrownBy(() -> party.requireAffirming(jwt, NONCE)).isInstanceOf(EarException.BadSignature.class);
    }

    @Test
    void refusesOtherAlgorithmsAndNone() {
        String[] parts = key.sign(ear(GOOD, GOOD)).split("\\.");
        for (String header : List.of("{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"ES384\"}")) {
            String forged =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                            + "." + parts[1] + "." + parts[2];
            assertThatThrownBy(() -> party.requireAffirming(forged, NONCE)).isInstanceOf(EarException.class);
        }
    }

    @Test
    void refusesAnotherSessionsNonce() {
        String jwt = key.sign(ear(GOOD, GOOD));
        assertThatThrownBy(() -> party.requireAffirming(jwt, Bytes.EMPTY.padTo(64)))
                .isInstanceOf(EarException.WrongNonce.class);
    }

    @Test
    void refusesResultsThatAreOldOrFromTheFuture() {
        String jwt = key.sign(ear(GOOD, GOOD));
        for (Duration shift : List.of(Duration.ofMinutes(6), Duration.ofMinutes(-2))) {
            RelyingParty later = party(key.publicJwk(), NOW.plus(shift));
            assertThatThrownBy(() -> later.requireAffirming(jwt, NONCE)).isInstanceOf(EarException.NotCurrent.class);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TrustTier.class, names = "AFFIRMING", mode = EnumSource.Mode.EXCLUDE)
    void refusesAnyOtherVerdictOnEitherSubmod(TrustTier tier) {
        TrustVector bad = switch (tier) {
            case NONE -> TrustVector.NO_CLAIM;
            case WARNING -> GOOD.with(TrustClaim.EXECUTABLES, 33);
            default -> TrustVector.REFUSED;
        };
        for (Ear ear : List.of(ear(bad, GOOD), ear(GOOD, bad))) {
            assertThat(ear.status()).isEqualTo(tier);
            assertThatThrownBy(() -> party.requireAffirming(key.sign(ear), NONCE))
                    .isInstanceOf(EarException.NotAffirming.class);
        }
    }

    @Test
    void saysWhatTheVerifierSaysIsWrong() {
        SubmodAppraisal unknown = SubmodAppraisal.of(GOOD.with(TrustClaim.EXECUTABLES, 33), "policy:ARM_CCA", "no RIM");
        Map<String, SubmodAppraisal> submods =
                Map.of(Ear.PLATFORM, SubmodAppraisal.of(GOOD, "policy:ARM_CCA", ""), Ear.REALM, unknown);
        String jwt = key.sign(Ear.of(NOW, NONCE, new Ear.VerifierId("test", "1"), submods));
        assertThatThrownBy(() -> party.requireAffirming(jwt, NONCE))
                .hasMessage("submod CCA_REALM: warning, no RIM (expected: affirming)");
    }

    @Test
    void refusesAResultThatLacksASubmod() {
        SubmodAppraisal good = SubmodAppraisal.of(GOOD, "policy:ARM_CCA", "");
        for (String only : List.of(Ear.PLATFORM, Ear.REALM)) {
            Ear ear = Ear.of(NOW, NONCE, new Ear.VerifierId("test", "1"), Map.of(only, good));
            assertThatThrownBy(() -> party.requireAffirming(key.sign(ear), NONCE))
                    .isInstanceOf(EarException.MissingSubmod.class);
        }
    }

    @Test
    void tiersAreThoseOfAr4si() {
        assertThat(List.of(-128, -97, -96, -33, -32, -2, -1, 0, 1, 2, 31, 32, 95, 96, 127))
                .extracting(TrustTier::ofClaim)
                .extracting(TrustTier::earName)
                .containsExactly(
                        "contraindicated",
                        "contraindicated",
                        "warning",
                        "warning",
                        "affirming",
                        "affirming",
                        "none",
                        "none",
                        "none",
                        "affirming",
                        "affirming",
                        "warning",
                        "warning",
                        "contraindicated",
                        "contraindicated");
    }

    private static RelyingParty party(String jwk, Instant now) {
        return new RelyingParty(List.of(EarVerifier.ofJwk(jwk)), Duration.ofMinutes(5), InstantSource.fixed(now));
    }

    private static Ear ear(TrustVector platform, TrustVector realm) {
        return Ear.of(
                NOW,
                NONCE,
                new Ear.VerifierId("Realmesh", "test"),
                Map.of(
                        Ear.PLATFORM, SubmodAppraisal.of(platform, "policy:ARM_CCA", ""),
                        Ear.REALM,
                                SubmodAppraisal.of(realm, "policy:ARM_CCA", "").annotated(Map.of("k", "djE="))));
    }

    private static String decode(String jwt, int part) {
        return new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[part]), StandardCharsets.UTF_8);
    }
}
