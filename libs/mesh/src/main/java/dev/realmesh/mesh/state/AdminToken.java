// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/// The token of who administers a service: 256 random bits in base64url, in a file that its owner reads.
public final class AdminToken {
    private static final String SCHEME = "Bearer ";
    private static final int LENGTH = 43;

    private final byte[] token;

    private AdminToken(byte[] token) {
        this.token = token;
    }

    /// The token in the folder, made if there is none.
    ///
    /// @throws StateException if others may read it, or it is no token
    public static AdminToken in(StateFolder folder, String name) {
        byte[] token = folder.secret(name, AdminToken::fresh);
        if (token.length != LENGTH) {
            throw new StateException.Damaged(
                    folder.file(name), token.length + " bytes (expected: " + LENGTH + " characters, no line end)");
        }
        return new AdminToken(token);
    }

    /// Whether an `authorization` header carries this token.
    public boolean isIn(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && is(authorization.substring(SCHEME.length()));
    }

    /// Whether that is this token; in a time that does not tell how much of it was right.
    public boolean is(String given) {
        return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] fresh() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        try {
            return Base64.getUrlEncoder().withoutPadding().encode(random);
        } finally {
            Arrays.fill(random, (byte) 0);
        }
    }
}
