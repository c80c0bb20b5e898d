// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

/// A CCA token as the monitor signed it. Opaque here: only a verifier reads it.
public final class Evidence {
    /// Largest evidence, in bytes, that brokers take.
    public static final int MAX_BYTES = 64 * 1024;

    private final byte[] token;

    private Evidence(byte[] token) {
        this.token = token;
    }

    /// Takes a copy of a token.
    ///
    /// @throws IllegalArgumentException if `token` is empty or over [#MAX_BYTES]
    public static Evidence of(byte[] token) {
        if (token.length == 0 || token.length > MAX_BYTES) {
            throw new IllegalArgumentException("evidence: " + token.length + " bytes (expected: 1-" + MAX_BYTES + ")");
        }
        return new Evidence(token.clone());
    }

    /// The token.
    public byte[] toBytes() {
        return token.clone();
    }
}
