// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;

/// ocicrypt's only cipher, `AES_256_CTR_HMAC_SHA256`: AES-256 in counter mode, the nonce being the whole first counter
/// block, and HMAC-SHA-256 with the same key over the ciphertext. Nothing else is covered by the HMAC, and it is known
/// only at the end.
final class LayerCipher {
    static final String NAME = "AES_256_CTR_HMAC_SHA256";

    private LayerCipher() {}

    static Cipher cipher(int mode, PrivateOptions options) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, options.key(), new IvParameterSpec(options.nonce()));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/CTR: missing in this Java", e);
        }
    }

    static Mac mac(PrivateOptions options) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(options.key());
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256: missing in this Java", e);
        }
    }
}
