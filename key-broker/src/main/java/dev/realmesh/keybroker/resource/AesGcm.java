// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM with a random 96-bit nonce in front: nonce ‖ ciphertext ‖ 128-bit tag.
final class AesGcm {
    /// Length of a key, in bytes.
    static final int KEY_LENGTH = 32;

    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();

    byte[] seal(byte[] key, byte[] plaintext, byte[] associated) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(associated);
            byte[] sealed = Arrays.copyOf(nonce, NONCE_LENGTH + cipher.getOutputSize(plaintext.length));
            cipher.doFinal(plaintext, 0, plaintext.length, sealed, NONCE_LENGTH);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM: not served by this Java", e);
        }
    }

    /// @throws ResourceException.Unreadable if `sealed` is not what [#seal] gave for this key and associated data
    byte[] open(byte[] key, byte[] sealed, byte[] associated, String what) {
        if (sealed.length < NONCE_LENGTH + TAG_BITS / Byte.SIZE) {
            throw new ResourceException.Unreadable(what);
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE_LENGTH));
            cipher.updateAAD(associated);
            return cipher.doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH);
        } catch (AEADBadTagException e) {
            throw new ResourceException.Unreadable(what);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM: not served by this Java", e);
        }
    }

    byte[] newKey() {
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        return key;
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
