// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A token as an RMM and its platform issue it: claims in TF-RMM's order, ES384, bound by the hash of the RAK.
class TokenEncodingTest {
    private static final Bytes NONCE = Bytes.EMPTY.padTo(64);

    private final KeyPair cpak = Signatures.generate(EcCurve.P384);
    private final KeyPair rak = Signatures.generate(EcCurve.P384);
    private final Bytes rakClaim =
            Signatures.coseKey((ECPublicKey) rak.getPublic()).encode();

    @ParameterizedTest
    @CsvSource({"V2023, d9018fa219acca", "V2024, d9038ba219acca"})
    void issuedEvidenceIsGenuineAndFresh(TokenGeneration generation, String start) {
        Bytes token = generation.collect(
                platformToken(rakClaim, generation).encode(),
                realmToken(generation).encode());

        CcaEvidence evidence = CcaEvidence.decode(token);

        assertThat(token.hex()).startsWith(start);
        assertThat(evidence.encode()).isEqualTo(token);
        assertThat(evidence.platform().claims().profile()).isEqualTo(generation.platformProfile());
        assertThat(evidence.realm().claims().profileUri())
                .isEqualTo(generation.realmProfile().uri());
        assertThat(evidence.realm().claims().mecPolicy()).contains(MecPolicy.PRIVATE);
        assertThatCode(() -> {
                    EvidenceIntegrity.requireFresh(evidence, NONCE);
                    EvidenceIntegrity.requireGenuine(evidence, (ECPublicKey) cpak.getPublic());
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "public", ""})
    void readsTheMemoryEncryptionPolicyOfEitherGeneration(String text) {
        CborValue claim = CborValue.of(text);
        assertThat(MecPolicy.of(claim).isPresent()).isEqualTo(text.equals("private"));
        assertThat(MecPolicy.of(CborValue.of(0))).contains(MecPolicy.SHARED);
        assertThat(MecPolicy.of(CborValue.of(1))).contains(MecPolicy.PRIVATE);
        assertThat(MecPolicy.of(CborValue.of(2))).isEmpty();
    }

    @Test
    void realmClaimsStandInTheOrderOfTheCalls() {
        assertThat(realmToken(TokenGeneration.V2023).claims().toCbor().entries())
                .extracting(CborMap.Entry::key)
                .extracting(key -> key.asLong("label"))
                .containsExactly(10L, 44235L, 44237L, 44236L, 44240L, 44243L, 265L, 44238L, 44239L);
        assertThat(realmToken(TokenGeneration.V2023).encode().hex()).startsWith("d28444a1013822a0");
    }

    @Test
    void namesWhatIsNotGenuine() {
        ECPublicKey trustAnchor = (ECPublicKey) cpak.getPublic();
        CcaEvidence good = evidence(platformToken(rakClaim, TokenGeneration.V2023), realmToken(TokenGeneration.V2023));

        assertThatThrownBy(() -> EvidenceIntegrity.requireFresh(good, Bytes.ofHex("01".repeat(8))))
                .isInstanceOf(IntegrityException.NotFresh.class);
        assertThatThrownBy(() -> EvidenceIntegrity.requireGenuine(good, (ECPublicKey) rak.getPublic()))
                .isInstanceOf(IntegrityException.PlatformSignature.class);
        assertThatThrownBy(() -> EvidenceIntegrity.requireGenuine(
                        evidence(
                                platformToken(Bytes.ofHex("00"), TokenGeneration.V2023),
                                realmToken(TokenGeneration.V2023)),
                        trustAnchor))
                .isInstanceOf(IntegrityException.Binding.class);
        RealmToken forged = RealmToken.sign(
                realmToken(TokenGeneration.V2023).claims(),
                CoseAlgorithm.ES384,
                Signatures.signer((ECPrivateKey) cpak.getPrivate(), CoseAlgorithm.ES384));
        assertThatThrownBy(() -> EvidenceIntegrity.requireGenuine(
                        evidence(platformToken(rakClaim, TokenGeneration.V2023), forged), trustAnchor))
                .isInstanceOf(IntegrityException.RealmSignature.class);
    }

    @Test
    void refusesToBuildClaimsThatBreakTheProfile() {
        RealmClaims.Builder tooShort = RealmClaims.builder().challenge(Bytes.EMPTY.padTo(32));
        assertThatThrownBy(tooShort::build)
                .isInstanceOfSatisfying(
                        TokenException.BadClaim.class,
                        e -> assertThat(e.label()).isEqualTo(RealmClaims.CHALLENGE));
    }

    private static CcaEvidence evidence(PlatformToken platform, RealmToken realm) {
        return new CcaEvidence(CcaEvidence.Form.TOKEN_COLLECTION, platform, realm);
    }

    private PlatformToken platformToken(Bytes boundKey, TokenGeneration generation) {
        PlatformClaims claims = PlatformClaims.builder()
                .profile(generation.platformProfile())
                .challenge(Signatures.digest("SHA-256", boundKey))
                .implementationId(Bytes.EMPTY.padTo(32))
                .instanceId(Bytes.ofHex("01").padTo(33))
                .config(Bytes.EMPTY)
                .lifecycle(0x3003)
                .softwareComponents(
                        List.of(SoftwareComponent.sha256("RMM", Bytes.EMPTY.padTo(32), Bytes.EMPTY.padTo(32))))
                .hashAlgorithm("sha-256")
                .build();
        return PlatformToken.sign(
                claims, CoseAlgorithm.ES384, Signatures.signer((ECPrivateKey) cpak.getPrivate(), CoseAlgorithm.ES384));
    }

    private RealmToken realmToken(TokenGeneration generation) {
        RealmClaims claims = RealmClaims.builder()
                .challenge(NONCE)
                .personalizationValue(Bytes.EMPTY.padTo(64))
                .publicKey(rakClaim)
                .hashAlgorithm("sha-256")
                .publicKeyHashAlgorithm("sha-256")
                .mecPolicy(MecPolicy.PRIVATE, generation.realmProfile())
                .profile(generation.realmProfile())
                .initialMeasurement(Bytes.EMPTY.padTo(32))
                .extensibleMeasurements(Collections.nCopies(4, Bytes.EMPTY.padTo(32)))
                .build();
        assertThat(claims.toCbor().find(RealmClaims.MEC_POLICY))
                .contains(generation == TokenGeneration.V2023 ? CborValue.of("private") : CborValue.of(1));
        return RealmToken.sign(
                claims, CoseAlgorithm.ES384, Signatures.signer((ECPrivateKey) rak.getPrivate(), CoseAlgorithm.ES384));
    }
}
