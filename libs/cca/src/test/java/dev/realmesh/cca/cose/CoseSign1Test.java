// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// COSE_Sign1 (RFC 9052 §4.2) and COSE_Key (§7) with the curves and algorithms of RFC 9053.
class CoseSign1Test {
    private static final Bytes PAYLOAD = Bytes.ofHex("a10a41aa");

    @ParameterizedTest
    @EnumSource
    void isVerifiedByTheKeyThatSignedIt(EcCurve curve) {
        KeyPair pair = Signatures.generate(curve);
        CoseSign1 signed = sign(pair, curve.algorithm());

        CoseSign1 read = CoseSign1.decode(signed.encode(), CborLimits.EVIDENCE);

        assertThat(read).isEqualTo(signed);
        assertThat(read.signature().size()).isEqualTo(2 * curve.fieldBytes());
        assertThat(read.isSignedBy((ECPublicKey) pair.getPublic())).isTrue();
        assertThat(read.isSignedBy((ECPublicKey) Signatures.generate(curve).getPublic()))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWithAnyBitOfTheSignatureFlipped(EcCurve curve) {
        KeyPair pair = Signatures.generate(curve);
        CoseSign1 signed = sign(pair, curve.algorithm());
        byte[] signature = signed.signature().toByteArray();
        for (int i = 0; i < signature.length; i += 13) {
            signature[i] ^= 1;
            CoseSign1 forged = new CoseSign1(
                    signed.protectedHeader(), signed.unprotectedHeader(), PAYLOAD, Bytes.copyOf(signature));
            assertThat(forged.isSignedBy((ECPublicKey) pair.getPublic())).isFalse();
            signature[i] ^= 1;
        }
    }

    @Test
    void refusesSignaturesOfAnotherSizeOrOfZeroes() {
        KeyPair pair = Signatures.generate(EcCurve.P256);
        CoseSign1 signed = sign(pair, CoseAlgorithm.ES256);
        for (int size : new int[] {0, 63, 64, 65, 72, 96}) {
            CoseSign1 forged = new CoseSign1(signed.protectedHeader(), CborMap.EMPTY, PAYLOAD, Bytes.EMPTY.padTo(size));
            assertThat(forged.isSignedBy((ECPublicKey) pair.getPublic())).isFalse();
        }
    }

    @Test
    void takesTheAlgorithmFromTheProtectedHeaderOnly() {
        KeyPair pair = Signatures.generate(EcCurve.P256);
        CoseSign1 signed = sign(pair, CoseAlgorithm.ES256);
        CborMap algorithm = CborMap.builder()
                .put(1, CborValue.of(CoseAlgorithm.ES256.label()))
                .build();
        CoseSign1 moved = new CoseSign1(Bytes.EMPTY, algorithm, PAYLOAD, signed.signature());

        assertThatThrownBy(() -> moved.isSignedBy((ECPublicKey) pair.getPublic()))
                .isInstanceOf(CborException.Unexpected.class)
                .hasMessageContaining("absent");
    }

    @Test
    void refusesUntaggedAndMisshapenMessages() {
        CborValue.Tagged signed = (CborValue.Tagged) CborValue.decode(
                sign(Signatures.generate(EcCurve.P256), CoseAlgorithm.ES256).encode(), CborLimits.EVIDENCE);
        assertThatThrownBy(() -> CoseSign1.decode(signed.content().encode(), CborLimits.EVIDENCE))
                .isInstanceOf(CborException.Unexpected.class);
        Bytes three =
                new CborValue.Tagged(18, CborValue.arrayOf(CborValue.of(1), CborValue.of(2), CborValue.of(3))).encode();
        assertThatThrownBy(() -> CoseSign1.decode(three, CborLimits.EVIDENCE))
                .isInstanceOf(CborException.Unexpected.class);
    }

    @ParameterizedTest
    @EnumSource
    void keyIsTheSameThroughBothOfItsForms(EcCurve curve) {
        CoseKey key =
                Signatures.coseKey((ECPublicKey) Signatures.generate(curve).getPublic());

        assertThat(CoseKey.decode(key.encode(), CborLimits.EVIDENCE)).isEqualTo(key);
        assertThat(CoseKey.ofPoint(curve, key.point())).isEqualTo(key);
        assertThat(Signatures.coseKey(Signatures.publicKey(key))).isEqualTo(key);
    }

    @Test
    void keyOfP384IsAsTfRmmWritesIt() {
        CoseKey key = Signatures.coseKey(
                (ECPublicKey) Signatures.generate(EcCurve.P384).getPublic());
        assertThat(key.encode().hex())
                .hasSize(2 * 107)
                .startsWith("a401022002215830")
                .contains("225830");
    }

    @Test
    void refusesAPointThatIsNotOnTheCurve() {
        CoseKey key = new CoseKey(EcCurve.P256, Bytes.EMPTY.padTo(32), Bytes.EMPTY.padTo(32));
        assertThatThrownBy(() -> Signatures.publicKey(key)).isInstanceOf(CborException.Unexpected.class);
    }

    @Test
    void scalarGivesItsKeyPair() {
        KeyPair pair = Signatures.generate(EcCurve.P384);
        byte[] scalar = ((ECPrivateKey) pair.getPrivate()).getS().toByteArray();
        assertThat(Signatures.keyPair(EcCurve.P384, scalar).getPublic()).isEqualTo(pair.getPublic());
        assertThatThrownBy(() -> Signatures.keyPair(EcCurve.P384, new byte[48]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static CoseSign1 sign(KeyPair pair, CoseAlgorithm algorithm) {
        return CoseSign1.sign(algorithm, PAYLOAD, Signatures.signer((ECPrivateKey) pair.getPrivate(), algorithm));
    }
}
