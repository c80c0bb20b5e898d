// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The token of who provisions endorsements.
public final class AdminToken {
    static final int LENGTH = 43;
    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    AdminToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /// Whether an `authorization` header carries this token; in a time that does not tell how much of it was right.
    public boolean isIn(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token, given);
    }
}
