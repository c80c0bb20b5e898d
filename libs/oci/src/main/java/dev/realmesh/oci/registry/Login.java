// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Who somebody is at a registry. Its text tells nothing but the entry that it is from.
sealed interface Login {
    /// Entry of the auth file.
    String key();

    /// By user and password.
    record Basic(String key, String user, String password) implements Login {
        /// RFC 7617.
        String authorization() {
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(both);
        }

        @Override
        public String toString() {
            return "login for " + key;
        }
    }

    /// By a token of long life that others are asked for with.
    record IdentityToken(String key, String token) implements Login {
        @Override
        public String toString() {
            return "identity token for " + key;
        }
    }
}
