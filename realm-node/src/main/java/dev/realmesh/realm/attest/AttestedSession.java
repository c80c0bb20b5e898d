// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.kbs.Nonce;
import dev.realmesh.kbs.TeeKey;
import java.time.Duration;
import java.time.Instant;

/// A session whose evidence the broker accepted; secrets may be asked for until the broker forgets it.
///
/// @param id the broker's name of it
/// @param nonce its nonce; the broker's statements about released secrets repeat it
/// @param teeKey opens what is released in it; it is made for this session, and never leaves the Realm
/// @param appraised what the appraisal ended with
public record AttestedSession(SessionId id, Nonce nonce, TeeKey teeKey, KeyBroker.Appraised appraised) {
    /// How long before its end a result counts as over, so that who is given it has some time to use it.
    static final Duration MARGIN = Duration.ofSeconds(30);

    /// Whether the attestation result is still good to hand out; one that names no end is.
    boolean isGoodAt(Instant now) {
        return EarExpiry.of(appraised.ear())
                .map(end -> now.plus(MARGIN).isBefore(end))
                .orElse(true);
    }
}
