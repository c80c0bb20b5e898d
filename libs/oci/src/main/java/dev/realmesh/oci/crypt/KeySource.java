// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;

/// The keys that a reader of encrypted layers may use. In a Realm it stands for the key broker, so asking for a key
/// may mean attesting; it is asked only for keys that a layer names.
public interface KeySource {
    /// The key-encryption key of a key-provider packet.
    ///
    /// @param kid what the packet names, such as `kbs:///repository/type/tag`; untrusted text
    /// @return 32 bytes of AES key; empty if there is no such key for this reader
    Optional<SecretKey> keyEncryptionKey(String kid);

    /// RSA and EC private keys to try on layers wrapped as JWE, or by PKCS #7 for a certificate of theirs; see
    /// [PemKeys].
    List<PrivateKey> privateKeys();

    /// A source with nothing but private keys.
    static KeySource of(List<PrivateKey> privateKeys) {
        List<PrivateKey> keys = List.copyOf(privateKeys);
        return new KeySource() {
            @Override
            public Optional<SecretKey> keyEncryptionKey(String kid) {
                return Optional.empty();
            }

            @Override
            public List<PrivateKey> privateKeys() {
                return keys;
            }
        };
    }
}
