// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.OciException;
import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;

/// Who will be able to open an encrypted layer.
public sealed interface Recipient {
    /// The holder of a private key, as `skopeo --encryption-key jwe:public.pem` has it.
    ///
    /// @param key RSA, at least 2048 bits, or EC on P-256, P-384 or P-521
    record Jwe(PublicKey key) implements Recipient {
        public Jwe {
            if (!(key instanceof RSAPublicKey || key instanceof ECPublicKey)) {
                throw new OciException.Unsupported("recipient: " + key.getAlgorithm() + " key (expected: RSA or EC)");
            }
            if (key instanceof RSAPublicKey rsa) {
                requireStrong(rsa);
            }
        }
    }

    /// The holder of a certificate's private key, as `skopeo --encryption-key pkcs7:certificate.pem` has it. Neither
    /// issuer nor dates of the certificate mean anything here.
    ///
    /// @param certificate of an RSA key of at least 2048 bits
    record Pkcs7(X509Certificate certificate) implements Recipient {
        private static final int MAX_BYTES = 64 << 10;

        public Pkcs7 {
            if (!(certificate.getPublicKey() instanceof RSAPublicKey rsa)) {
                throw new OciException.Unsupported("recipient: certificate of a "
                        + certificate.getPublicKey().getAlgorithm()
                        + " key (expected: RSA, as PKCS #7 in ocicrypt; jwe takes EC keys)");
            }
            requireStrong(rsa);
        }

        /// Reads a certificate.
        ///
        /// @param certificate DER, or PEM
        /// @throws OciException if it is none, or its key is not usable
        public static Pkcs7 of(byte[] certificate) {
            if (certificate.length > MAX_BYTES) {
                throw new OciException.LimitExceeded("bytes of the certificate", MAX_BYTES);
            }
            try {
                return new Pkcs7((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate)));
            } catch (CertificateException e) {
                throw new OciException.Malformed("certificate: cannot be read (expected: X.509, PEM or DER)", e);
            }
        }
    }

    /// Whoever a key broker gives a key-encryption key to, as Confidential Containers has it.
    ///
    /// @param kid resource that holds the key, `kbs:///repository/type/tag`
    /// @param key 32 bytes of AES key
    record KeyBroker(String kid, SecretKey key) implements Recipient {
        public KeyBroker {
            KeyPacket.checkKid(kid);
            KeyPacket.checkKey(key);
        }

        @Override
        public String toString() {
            return "KeyBroker[kid=" + kid + "]";
        }
    }

    private static void requireStrong(RSAPublicKey key) {
        int minBits = 2048;
        if (key.getModulus().bitLength() < minBits) {
            throw new OciException.Unsupported("recipient: RSA key of "
                    + key.getModulus().bitLength() + " bits (expected: at least " + minBits + ")");
        }
    }
}
