// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.security.MessageDigest;
import java.util.Arrays;

/// A secret in memory. It is never printed or compared by `equals`, and [#close] overwrites it with zeros; each place
/// that
/// looks inside calls [#reveal] and owns the copy that it gets.
public final class SecretBytes implements AutoCloseable {
    private final byte[] bytes;
    private boolean closed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Takes a copy; the caller's array stays the caller's to overwrite.
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /// Takes the array itself, which the caller must not use any more.
    public static SecretBytes taking(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    /// Length of the secret in bytes.
    public int length() {
        return bytes.length;
    }

    /// A copy of the secret; overwrite it after use.
    ///
    /// @throws IllegalStateException after [#close]
    public synchronized byte[] reveal() {
        if (closed) {
            throw new IllegalStateException("secret: closed (expected: open)");
        }
        return bytes.clone();
    }

    /// Whether both hold the same bytes, in time that depends on the length only.
    public boolean matches(SecretBytes other) {
        byte[] mine = reveal();
        byte[] theirs = other.reveal();
        try {
            return MessageDigest.isEqual(mine, theirs);
        } finally {
            Arrays.fill(mine, (byte) 0);
            Arrays.fill(theirs, (byte) 0);
        }
    }

    @Override
    public synchronized void close() {
        Arrays.fill(bytes, (byte) 0);
        closed = true;
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + " bytes]";
    }
}
