// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/// The broker's challenge of one session (RCAR, member `nonce`): 32 random bytes that make evidence fresh.
public final class Nonce {
    /// Length in bytes.
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Nonce(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A new nonce.
    public static Nonce random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new Nonce(bytes);
    }

    /// Takes the 32 bytes.
    ///
    /// @throws KbsException.Malformed if `bytes` is not 32 bytes long
    public static Nonce of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new KbsException.Malformed("nonce", bytes.length + " bytes (expected: " + LENGTH + ")");
        }
        return new Nonce(bytes.clone());
    }

    /// Reads the protocol's form: standard base64 with padding.
    ///
    /// @throws KbsException.Malformed if it is not that
    public static Nonce fromBase64(String text) {
        try {
            return of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new KbsException.Malformed("nonce", "not base64 (expected: standard alphabet, padded)");
        }
    }

    /// The 32 bytes.
    public byte[] toBytes() {
        return bytes.clone();
    }

    /// The protocol's form: standard base64 with padding.
    public String toBase64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Nonce nonce && MessageDigest.isEqual(bytes, nonce.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return toBase64();
    }
}
