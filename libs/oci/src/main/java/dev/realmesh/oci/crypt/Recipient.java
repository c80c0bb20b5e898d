// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.OciException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;

/// Who will be able to open an encrypted layer.
public sealed interface Recipient {
    /// The holder of a private key, as `skopeo --encryption-key jwe:public.pem` has it.
    ///
    /// @param key RSA, at least 2048 bits, or EC on P-256, P-384 or P-521
    record Jwe(PublicKey key) implements Recipient {
        private static final int MIN_RSA_BITS = 2048;

        public Jwe {
            if (!(key instanceof RSAPublicKey || key instanceof ECPublicKey)) {
                throw new OciException.Unsupported("recipient: " + key.getAlgorithm() + " key (expected: RSA or EC)");
            }
            if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new OciException.Unsupported("recipient: RSA key of "
                        + rsa.getModulus().bitLength() + " bits (expected: at least " + MIN_RSA_BITS + ")");
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
}
