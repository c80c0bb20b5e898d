// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// An immutable string of bytes with value equality: a measurement, an identifier, a challenge, an encoded structure.
/// Not for secrets: [#toString] shows the content.
public final class Bytes {
    /// No bytes.
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /// A copy of `bytes`.
    public static Bytes copyOf(byte... bytes) {
        return new Bytes(bytes.clone());
    }

    /// A copy of the bytes `from` (inclusive) to `to` (exclusive).
    ///
    /// @throws IndexOutOfBoundsException if the range is not inside `bytes`
    public static Bytes copyOfRange(byte[] bytes, int from, int to) {
        if (from < 0 || from > to || to > bytes.length) {
            throw new IndexOutOfBoundsException(
                    "range: " + from + " to " + to + " (expected: in " + bytes.length + ")");
        }
        return new Bytes(Arrays.copyOfRange(bytes, from, to));
    }

    /// Reads hexadecimal digits of either case.
    ///
    /// @throws IllegalArgumentException if they are none, or odd in number
    public static Bytes ofHex(String digits) {
        return new Bytes(HexFormat.of().parseHex(digits));
    }

    /// How many bytes.
    public int size() {
        return content.length;
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return content.length == 0;
    }

    /// The byte at `index`, 0 to 255.
    public int at(int index) {
        return content[index] & 0xFF;
    }

    /// A copy of the content.
    public byte[] toByteArray() {
        return content.clone();
    }

    /// These bytes, followed by zero bytes up to `size`; unchanged if they are that long already.
    public Bytes padTo(int size) {
        return content.length >= size ? this : new Bytes(Arrays.copyOf(content, size));
    }

    /// Lower-case hexadecimal digits.
    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    /// Standard base64 with padding.
    public String base64() {
        return Base64.getEncoder().encodeToString(content);
    }

    /// Compares in a time that depends on the length alone.
    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && MessageDigest.isEqual(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return hex();
    }
}
