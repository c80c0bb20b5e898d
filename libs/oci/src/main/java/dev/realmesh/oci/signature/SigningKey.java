// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import dev.realmesh.oci.OciException;
import dev.realmesh.oci.crypt.PemKeys;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;

/// A private key that images are signed by, of the kinds of a [VerificationKey].
public final class SigningKey {
    private final PrivateKey key;

    private SigningKey(PrivateKey key) {
        this.key = key;
    }

    /// Reads a PEM without a passphrase (PKCS #8).
    ///
    /// @throws OciException if it is none
    public static SigningKey parse(String pem) {
        if (pem.contains("ENCRYPTED")) {
            throw new OciException.Unsupported("signing key: has a passphrase (expected: one without, such as from"
                    + " openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)");
        }
        return new SigningKey(PemKeys.signingKey(pem));
    }

    /// Signs a statement.
    public CosignSignature sign(ImageStatement statement) {
        byte[] payload = statement.toJson();
        try {
            Signature signing = Signature.getInstance(algorithm());
            signing.initSign(key);
            signing.update(statement.form().signedBytes(payload));
            return new CosignSignature(statement.form(), payload, signing.sign());
        } catch (GeneralSecurityException e) {
            throw new OciException.Unsupported("signing key: " + key.getAlgorithm()
                    + " does not sign (expected: P-256, P-384, RSA of 2048 bits or more, or Ed25519)");
        }
    }

    /// What cosign verifies with its defaults.
    private String algorithm() {
        return switch (key.getAlgorithm()) {
            case "EC" -> ((ECPrivateKey) key).getParams().getOrder().bitLength() <= 384 ? "SHA256withECDSA" : "none";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
    }
}
