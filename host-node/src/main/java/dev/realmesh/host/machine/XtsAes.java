// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// XTS-AES (IEEE 1619) by the JDK's AES: one granule is one data unit, its number is the tweak. Any whole blocks of a
/// unit can be had alone, at the cost of those and, for a unit that was not used lately, one more block for the tweak.
/// Not for use by several threads at once.
final class XtsAes {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /// Bytes of a block, the least that can be encrypted alone.
    static final int BLOCK = 16;

    /// Most doublings in GF(2^128) that are done in one step: what they carry out must fit into a word.
    private static final int MAX_DOUBLINGS = 56;

    /// Units whose encrypted number is kept, each in the one place that its number gives it: translation tables are
    /// read again and again.
    private static final int KEPT_TWEAKS = 64;

    private static final long NO_UNIT = -1;

    private final Cipher encrypt;
    private final Cipher decrypt;
    private final Cipher tweak;
    private final byte[] tweakBlock = new byte[BLOCK];
    private final byte[] mask;
    /// What goes into the cipher: it copies what it is to change in place.
    private final byte[] work;

    private final long[] keptUnits = new long[KEPT_TWEAKS];
    private final long[] keptTweaks = new long[2 * KEPT_TWEAKS];

    /// @param key data key, then tweak key: 32 bytes for AES-128, 64 for AES-256
    /// @param unitSize most bytes that are encrypted at once: those of a data unit, whole blocks
    XtsAes(byte[] key, int unitSize) {
        int half = key.length / 2;
        this.encrypt = aes(Cipher.ENCRYPT_MODE, key, 0, half);
        this.decrypt = aes(Cipher.DECRYPT_MODE, key, 0, half);
        this.tweak = aes(Cipher.ENCRYPT_MODE, key, half, half);
        this.mask = new byte[unitSize];
        this.work = new byte[unitSize];
        Arrays.fill(keptUnits, NO_UNIT);
    }

    /// Encrypts `length` bytes of `bytes` from `offset` on in place. They are the blocks of data unit `number` from
    /// block `first` on.
    void encrypt(long number, int first, byte[] bytes, int offset, int length) {
        crypt(encrypt, number, first, bytes, offset, length);
    }

    /// Decrypts; otherwise as [#encrypt].
    void decrypt(long number, int first, byte[] bytes, int offset, int length) {
        crypt(decrypt, number, first, bytes, offset, length);
    }

    private void crypt(Cipher cipher, long number, int first, byte[] bytes, int offset, int length) {
        try {
            fillMask(number, first, length);
            xorMask(bytes, offset, length, work, 0);
            cipher.update(work, 0, length, bytes, offset);
            xorMask(bytes, offset, length, bytes, offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES: " + e.getMessage() + " (expected: every JDK has it)", e);
        }
    }

    /// The encrypted unit number, times 2 for each block before: one mask a block.
    private void fillMask(long number, int first, int length) throws GeneralSecurityException {
        int kept = keep(number);
        long low = keptTweaks[kept];
        long high = keptTweaks[kept + 1];
        for (int left = first; left > 0; left -= MAX_DOUBLINGS) {
            int shift = Math.min(left, MAX_DOUBLINGS);
            long carried = high >>> (Long.SIZE - shift);
            high = (high << shift) | (low >>> (Long.SIZE - shift));
            // What is carried out, c, comes back as c times (x^7 + x^2 + x + 1).
            low = (low << shift) ^ carried ^ (carried << 1) ^ (carried << 2) ^ (carried << 7);
        }
        for (int at = 0; at < length; at += BLOCK) {
            LONG.set(mask, at, low);
            LONG.set(mask, at + Long.BYTES, high);
            long carry = high >> 63;
            high = (high << 1) | (low >>> 63);
            low = (low << 1) ^ (carry & 0x87);
        }
    }

    /// Encrypts a unit's number, if that is not kept; returns where the two words of it are.
    private int keep(long number) throws GeneralSecurityException {
        int place = (int) number & (KEPT_TWEAKS - 1);
        if (keptUnits[place] != number) {
            Arrays.fill(tweakBlock, (byte) 0);
            LONG.set(tweakBlock, 0, number);
            tweak.update(tweakBlock, 0, BLOCK, tweakBlock, 0);
            keptTweaks[2 * place] = (long) LONG.get(tweakBlock, 0);
            keptTweaks[2 * place + 1] = (long) LONG.get(tweakBlock, Long.BYTES);
            keptUnits[place] = number;
        }
        return 2 * place;
    }

    private void xorMask(byte[] from, int fromOffset, int length, byte[] to, int toOffset) {
        for (int at = 0; at < length; at += Long.BYTES) {
            LONG.set(to, toOffset + at, (long) LONG.get(from, fromOffset + at) ^ (long) LONG.get(mask, at));
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
