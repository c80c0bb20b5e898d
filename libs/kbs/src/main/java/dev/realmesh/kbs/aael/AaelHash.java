// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/// What the digests of a log are made with: the hash of the register that they extend.
public enum AaelHash {
    SHA256(0x0B, "SHA-256", 32),
    SHA384(0x0C, "SHA-384", 48),
    SHA512(0x0D, "SHA-512", 64);

    private final int number;
    private final String javaName;
    private final int size;

    AaelHash(int number, String javaName, int size) {
        this.number = number;
        this.javaName = javaName;
        this.size = size;
    }

    /// The algorithm of a digest of so many bytes, if there is one.
    public static Optional<AaelHash> ofSize(int bytes) {
        return Arrays.stream(values()).filter(hash -> hash.size == bytes).findFirst();
    }

    static Optional<AaelHash> of(int number) {
        return Arrays.stream(values()).filter(hash -> hash.number == number).findFirst();
    }

    /// TPM_ALG_ID.
    int number() {
        return number;
    }

    /// Bytes of a digest.
    public int size() {
        return size;
    }

    /// The digest of all parts, one after the other.
    byte[] digest(byte[]... parts) {
        try {
            MessageDigest hash = MessageDigest.getInstance(javaName);
            for (byte[] part : parts) {
                hash.update(part);
            }
            return hash.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(javaName + ": not served by this Java", e);
        }
    }
}
