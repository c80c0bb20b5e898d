// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.TeePublicKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// What a session has proved: the key that secrets are sealed to, the appraisal that vouches for it, and the owner's
/// settings that the Realm runs under.
///
/// @param teePublicKey the key that the evidence is bound to
/// @param verdict the appraisal: by a pinned signer, for this session's challenge or for this key, affirming
/// @param settings what the Realm's initdata pins; absent if it has no initdata, or none of Realmesh. Only ever of a
///     document whose digest is the Realm's RPV
/// @param token the appraisal as its signer signed it, a JWT
/// @param resultId the stored result in attestation-service, or the passport's name; empty if there is neither
public record AttestedRealm(
        TeePublicKey teePublicKey, Verdict verdict, Optional<RealmSettings> settings, String token, String resultId) {
    /// What the audit log calls it.
    public String actor() {
        return actor(resultId);
    }

    /// What the audit log calls who attested with a result.
    static String actor(String resultId) {
        return "realm:" + resultId;
    }

    /// What a result is called that no store of ours has: by its own digest.
    static String passportName(String ear) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(ear.getBytes(StandardCharsets.UTF_8));
            return "passport-" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not served by this Java", e);
        }
    }
}
