// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/// A run of bytes inside an array that nobody writes to any more: payloads are cut and passed on without a copy.
public final class Bytes {
    /// No bytes.
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /// The bytes of `array` from `offset`, without a copy: the caller gives the array away.
    public static Bytes wrap(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return length == 0 ? EMPTY : new Bytes(array, offset, length);
    }

    /// All of `array`, without a copy: the caller gives the array away.
    public static Bytes wrap(byte[] array) {
        return wrap(array, 0, array.length);
    }

    /// How many there are.
    public int length() {
        return length;
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return length == 0;
    }

    /// The `count` bytes from `from`, sharing the array.
    public Bytes slice(int from, int count) {
        Objects.checkFromIndexSize(from, count, length);
        return wrap(array, offset + from, count);
    }

    /// The array that the bytes lie in; not to be written to.
    public byte[] array() {
        return array;
    }

    /// Where in [#array] they begin.
    public int offset() {
        return offset;
    }

    /// A copy of its own.
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /// The bytes as UTF-8.
    public String utf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return length <= 32 ? HexFormat.of().formatHex(array, offset, offset + length) : length + " bytes";
    }
}
