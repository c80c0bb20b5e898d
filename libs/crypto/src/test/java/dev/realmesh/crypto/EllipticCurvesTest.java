// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whichever provider is chosen here, it understands keys and signatures of the others, and they its own.
class EllipticCurvesTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void signaturesAreVerifiedByEachOther(String curve) throws GeneralSecurityException {
        for (Provider other : others()) {
            for (String algorithm : new String[] {
                "SHA256withECDSAinP1363Format",
                "SHA384withECDSAinP1363Format",
                "SHA512withECDSAinP1363Format",
                "SHA256withECDSA"
            }) {
                assertVerified(algorithm, generate(curve, other), EllipticCurves.provider(), other);
                assertVerified(algorithm, generate(curve, EllipticCurves.provider()), other, EllipticCurves.provider());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void agreesWithTheOthers(String curve) throws GeneralSecurityException {
        for (Provider other : others()) {
            KeyPair one = generate(curve, EllipticCurves.provider());
            KeyPair two = generate(curve, other);

            assertThat(agreed(EllipticCurves.provider(), one, two)).isEqualTo(agreed(other, two, one));
        }
    }

    private static Provider[] others() {
        return new Provider[] {Security.getProvider("SunEC"), new BouncyCastleProvider()};
    }

    private static KeyPair generate(String curve, Provider provider) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static void assertVerified(String algorithm, KeyPair key, Provider signer, Provider verifier)
            throws GeneralSecurityException {
        Signature signing = Signature.getInstance(algorithm, signer);
        signing.initSign(key.getPrivate());
        signing.update(CONTENT);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm, verifier);
        verifying.initVerify(key.getPublic());
        verifying.update(CONTENT);

        assertThat(verifying.verify(signature))
                .as("%s by %s, verified by %s", algorithm, signer.getName(), verifier.getName())
                .isTrue();
    }

    private static byte[] agreed(Provider provider, KeyPair own, KeyPair peer) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH", provider);
        agreement.init(own.getPrivate());
        agreement.doPhase(peer.getPublic(), true);
        return agreement.generateSecret();
    }
}
