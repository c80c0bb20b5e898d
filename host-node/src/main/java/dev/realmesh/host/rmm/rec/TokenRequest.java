// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rec;

import dev.realmesh.cca.Bytes;

/// An attestation token that a Realm reads in pieces.
public final class TokenRequest {
    private final byte[] token;
    private int read;

    /// A token of which nothing was read.
    public TokenRequest(Bytes token) {
        this.token = token.toByteArray();
    }

    /// The next piece of at most `size` bytes.
    public byte[] next(int size) {
        int length = Math.min(size, token.length - read);
        byte[] piece = new byte[length];
        System.arraycopy(token, read, piece, 0, length);
        read += length;
        return piece;
    }

    /// Whether all was read.
    public boolean isFinished() {
        return read == token.length;
    }
}
