// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.sealed;

import dev.realmesh.kbs.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM without additional data.
final class Ciphertext {
    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final byte[] iv;
    private final byte[] bytes;

    /// @param iv 12 bytes
    /// @param bytes ciphertext, then its tag of 16 bytes
    Ciphertext(byte[] iv, byte[] bytes) {
        if (iv.length != IV_BYTES) {
            throw new SealedSecretException.Malformed("iv: " + iv.length + " bytes (expected: " + IV_BYTES + ")");
        }
        this.iv = iv.clone();
        this.bytes = bytes.clone();
    }

    /// @throws SealedSecretException.DoesNotOpen if it was made with another key, or altered
    SecretBytes open(SecretBytes key) {
        byte[] raw = key.reveal();
        try {
            if (raw.length != KEY_BYTES) {
                throw new SealedSecretException.DoesNotOpen(
                        "key of " + raw.length + " bytes (expected: " + KEY_BYTES + ")");
            }
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(raw, "AES"), new GCMParameterSpec(TAG_BITS, iv));
            return SecretBytes.taking(cipher.doFinal(bytes));
        } catch (GeneralSecurityException e) {
            throw new SealedSecretException.DoesNotOpen("does not open (expected: made with this key, unaltered)");
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }
}
