// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// When an attestation result ends: claim `exp` (RFC 7519, section 4.1.4), read without a look at the signature, for it
/// only decides when the Realm attests again. Veraison's results have none.
final class EarExpiry {
    private static final int MAX_BYTES = 256 * 1024;

    private EarExpiry() {}

    /// The end of a result; none if it does not say it, or is no JWT.
    static Optional<Instant> of(String ear) {
        String[] parts = ear.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
            JsonNode claim = BoundedJson.object("EAR", payload, MAX_BYTES).path("exp");
            return claim.isIntegralNumber() && claim.canConvertToLong()
                    ? Optional.of(Instant.ofEpochSecond(claim.longValue()))
                    : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException | KbsException.Malformed e) {
            return Optional.empty();
        }
    }
}
