// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// What a Realm puts into its token (CCA claim 10, `cca-realm-challenge`): 64 bytes that bind the token to nonce and
/// TEE
/// key of a session. Computed by [RuntimeData#challenge].
public final class Challenge {
    /// Length in bytes.
    public static final int LENGTH = 64;

    private final byte[] bytes;

    private Challenge(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Pads a digest of at most 64 bytes with zeros.
    static Challenge ofDigest(byte[] digest) {
        return new Challenge(Arrays.copyOf(digest, LENGTH));
    }

    /// The 64 bytes.
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Challenge challenge && MessageDigest.isEqual(bytes, challenge.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Hex.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
