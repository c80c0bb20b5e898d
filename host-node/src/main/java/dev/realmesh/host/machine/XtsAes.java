// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// XTS-AES (IEEE 1619) over whole granules, by the JDK's AES: one granule is one data unit, its number is the tweak.
/// Not for use by several threads at once.
final class XtsAes {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK = 16;

    private final Cipher encrypt;
    private final Cipher decrypt;
    private final Cipher tweak;
    private final byte[] tweakBlock = new byte[BLOCK];
    private final byte[] mask;

    /// @param key data key, then tweak key: 32 bytes for AES-128, 64 for AES-256
    /// @param unitSize bytes of a data unit, whole blocks
    XtsAes(byte[] key, int unitSize) {
        int half = key.length / 2;
        this.encrypt = aes(Cipher.ENCRYPT_MODE, key, 0, half);
        this.decrypt = aes(Cipher.DECRYPT_MODE, key, 0, half);
        this.tweak = aes(Cipher.ENCRYPT_MODE, key, half, half);
        this.mask = new byte[unitSize];
    }

    /// Encrypts the data unit in `unit` in place.
    void encrypt(long number, byte[] unit) {
        crypt(encrypt, number, unit);
    }

    /// Decrypts the data unit in `unit` in place.
    void decrypt(long number, byte[] unit) {
        crypt(decrypt, number, unit);
    }

    private void crypt(Cipher cipher, long number, byte[] unit) {
        try {
            fillMask(number);
            xorMask(unit);
            cipher.update(unit, 0, mask.length, unit, 0);
            xorMask(unit);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES: " + e.getMessage() + " (expected: every JDK has it)", e);
        }
    }

    /// The encrypted unit number, times 2, 4, 8, … in GF(2^128): one mask a block.
    private void fillMask(long number) throws GeneralSecurityException {
        Arrays.fill(tweakBlock, (byte) 0);
        LONG.set(tweakBlock, 0, number);
        tweak.update(tweakBlock, 0, BLOCK, tweakBlock, 0);
        long low = (long) LONG.get(tweakBlock, 0);
        long high = (long) LONG.get(tweakBlock, 8);
        for (int at = 0; at < mask.length; at += BLOCK) {
            LONG.set(mask, at, low);
            LONG.set(mask, at + 8, high);
            long carry = high >> 63;
            high = (high << 1) | (low >>> 63);
            low = (low << 1) ^ (carry & 0x87);
        }
    }

    private void xorMask(byte[] unit) {
        for (int at = 0; at < mask.length; at += Long.BYTES) {
            LONG.set(unit, at, (long) LONG.get(unit, at) ^ (long) LONG.get(mask, at));
        }
    }

    private static Cipher aes(int mode, byte[] key, int offset, int length) {
        try {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, offset, length, "AES"));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES: " + e.getMessage() + " (expected: every JDK has it)", e);
        }
    }
}
