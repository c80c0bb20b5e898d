// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca;

import java.util.Arrays;
import java.util.HexFormat;

/// The Realm Personalization Value (RPV): 64 bytes that the host binds to a Realm when it creates it. It is not part of
/// the measurements; the token carries it as a claim of its own. Confidential Containers put the digest of the
/// initdata here.
public final class RealmPersonalizationValue {
    /// Size in bytes.
    public static final int SIZE = 64;

    /// All zero: no personalization.
    public static final RealmPersonalizationValue NONE = new RealmPersonalizationValue(new byte[SIZE]);

    private final byte[] value;

    private RealmPersonalizationValue(byte[] value) {
        this.value = value;
    }

    /// `value`, zero-padded to 64 bytes.
    ///
    /// @throws IllegalArgumentException if it is longer than 64 bytes
    public static RealmPersonalizationValue of(byte[] value) {
        if (value.length > SIZE) {
            throw new IllegalArgumentException("personalization value: " + value.length + " bytes (expected: 0-64)");
        }
        return new RealmPersonalizationValue(Arrays.copyOf(value, SIZE));
    }

    /// A copy of the 64 bytes.
    public byte[] toByteArray() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RealmPersonalizationValue that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(value);
    }
}
