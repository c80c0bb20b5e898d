// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import java.security.SecureRandom;

/// The host's name of a Realm: `realm-` and eight characters of base 32.
///
/// @param value 1 to 63 characters of `[a-z0-9-]`
public record RealmId(String value) {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 8;

    public RealmId {
        if (!value.matches("[a-z0-9-]{1,63}")) {
            throw new LaunchException.BadRequest("realm-id: expected 1 to 63 characters of [a-z0-9-]");
        }
    }

    /// A name that nobody has.
    static RealmId random(SecureRandom random) {
        StringBuilder name = new StringBuilder("realm-");
        random.ints(LENGTH, 0, ALPHABET.length()).forEach(i -> name.append(ALPHABET.charAt(i)));
        return new RealmId(name.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
