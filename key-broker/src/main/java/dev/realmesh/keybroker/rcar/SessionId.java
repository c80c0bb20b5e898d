// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Name of a session: 32 hex digits, 128 random bits, so that no one guesses another's.
///
/// @param text the digits, lower case
public record SessionId(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    public SessionId {
        if (!FORM.matcher(text).matches()) {
            throw new RcarException.NoSession();
        }
    }

    static SessionId random(SecureRandom random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return new SessionId(HexFormat.of().formatHex(bytes));
    }
}
