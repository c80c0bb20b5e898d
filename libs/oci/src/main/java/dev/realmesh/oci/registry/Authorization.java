// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.time.Instant;
import java.util.Optional;

/// A value of the header `Authorization`, for as long as it is good. Its text tells nothing of it.
final class Authorization {
    private final String header;
    private final Instant expiresAt;
    private final Optional<String> loginKey;

    private Authorization(String header, Instant expiresAt, Optional<String> loginKey) {
        this.header = header;
        this.expiresAt = expiresAt;
        this.loginKey = loginKey;
    }

    /// User and password, good until they are refused.
    static Authorization of(Login.Basic login) {
        return new Authorization(login.authorization(), Instant.MAX, Optional.of(login.key()));
    }

    /// A token (RFC 6750 section 2.1).
    ///
    /// @param login whom it was given to; empty for anybody
    static Authorization bearer(String token, Instant expiresAt, Optional<Login> login) {
        return new Authorization("Bearer " + token, expiresAt, login.map(Login::key));
    }

    String header() {
        return header;
    }

    boolean isGood(Instant now) {
        return now.isBefore(expiresAt);
    }

    /// The entry of the auth file that it is from; empty if it is from none.
    Optional<String> loginKey() {
        return loginKey;
    }

    @Override
    public String toString() {
        return "authorization until " + expiresAt;
    }
}
