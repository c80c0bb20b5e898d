// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca;

import java.util.Arrays;
import java.util.HexFormat;

/// The output of a hash function: 32 (SHA-256), 48 (SHA-384) or 64 (SHA-512) bytes.
public final class Digest {
    private final byte[] value;

    private Digest(byte[] value) {
        if (value.length != 32 && value.length != 48 && value.length != 64) {
            throw new IllegalArgumentException("digest: " + value.length + " bytes (expected: 32, 48 or 64)");
        }
        this.value = value;
    }

    /// A copy of `value`.
    ///
    /// @throws IllegalArgumentException if it is not 32, 48 or 64 bytes long
    public static Digest copyOf(byte[] value) {
        return new Digest(value.clone());
    }

    /// The digest that `hex` spells.
    ///
    /// @throws IllegalArgumentException if it is not 32, 48 or 64 bytes of hexadecimal digits
    public static Digest fromHex(String hex) {
        return new Digest(HexFormat.of().parseHex(hex));
    }

    /// The digest of `size` zero bytes: what an extensible measurement starts from.
    public static Digest zero(int size) {
        return new Digest(new byte[size]);
    }

    /// Number of bytes.
    public int size() {
        return value.length;
    }

    /// A copy of the bytes.
    public byte[] toByteArray() {
        return value.clone();
    }

    /// The bytes, followed by zeroes up to `length`: the form of measurement fields, which are 64 bytes wide.
    public byte[] padded(int length) {
        return Arrays.copyOf(value, Math.max(length, value.length));
    }

    /// The bytes as lower-case hexadecimal digits.
    public String hex() {
        return HexFormat.of().formatHex(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
