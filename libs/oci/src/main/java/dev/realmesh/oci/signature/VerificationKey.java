// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import dev.realmesh.oci.OciException;
import dev.realmesh.oci.crypt.PemKeys;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;

/// A public key that images are signed by: ECDSA on P-256 (SHA-256) or P-384 (SHA-384, and SHA-256, which cosign itself
/// takes), RSA of 2048 bits or more (SHA-256; PKCS #1 v1.5 or PSS), or Ed25519.
public final class VerificationKey {
    private static final int MIN_RSA_BITS = 2048;
    private static final String PSS = "RSASSA-PSS";
    private static final PSSParameterSpec PSS_SHA256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final PublicKey key;
    private final List<String> algorithms;

    private VerificationKey(PublicKey key, List<String> algorithms) {
        this.key = key;
        this.algorithms = algorithms;
    }

    /// Reads a PEM, as `cosign generate-key-pair` and `openssl pkey -pubout` write it.
    ///
    /// @throws OciException if it is none of these keys
    public static VerificationKey parse(String pem) {
        PublicKey key = PemKeys.verificationKey(pem);
        return new VerificationKey(key, algorithms(key));
    }

    /// Whether this key made the signature.
    public boolean verifies(CosignSignature signature) {
        return algorithms.stream().anyMatch(algorithm -> verifies(algorithm, signature));
    }

    private boolean verifies(String algorithm, CosignSignature signature) {
        try {
            Signature verification = Signature.getInstance(algorithm);
            if (algorithm.equals(PSS)) {
                verification.setParameter(PSS_SHA256);
            }
            verification.initVerify(key);
            verification.update(signature.signedBytes());
            return verification.verify(signature.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static List<String> algorithms(PublicKey key) {
        int bits = key instanceof ECPublicKey ec
                ? ec.getParams().getCurve().getField().getFieldSize()
                : 0;
        if (bits == 256) {
            return List.of("SHA256withECDSA");
        }
        if (bits == 384) {
            return List.of("SHA384withECDSA", "SHA256withECDSA");
        }
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS) {
            return List.of("SHA256withRSA", PSS);
        }
        if (key instanceof EdECPublicKey) {
            return List.of("Ed25519");
        }
        throw new OciException.Unsupported("signature key: " + key.getAlgorithm()
                + " (expected: P-256, P-384, RSA of 2048 bits or more, or Ed25519)");
    }
}
