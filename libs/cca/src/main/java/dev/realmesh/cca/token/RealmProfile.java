// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.EcCurve;
import java.util.Optional;

/// Profiles of the realm token, claim 265. The profile decides how the realm attestation key is written.
public enum RealmProfile {
    /// No profile claim: the key is a raw P-384 point.
    LEGACY(""),
    /// The one that published verification speaks: the key is a COSE_Key.
    V2023("tag:arm.com,2023:realm#1.0.0"),
    /// What current TF-RMM names: the key is a COSE_Key, and there are more claims.
    V2024("tag:arm.com,2024:realm#2.0.0");

    private final String uri;

    RealmProfile(String uri) {
        this.uri = uri;
    }

    /// The profile of a claim's text; the empty text is [#LEGACY].
    static Optional<RealmProfile> of(String uri) {
        for (RealmProfile profile : values()) {
            if (profile.uri.equals(uri)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    /// The text of the claim; empty for [#LEGACY].
    public String uri() {
        return uri;
    }

    CoseKey attestationKey(Bytes claim) {
        return this == LEGACY ? CoseKey.ofPoint(EcCurve.P384, claim) : CoseKey.decode(claim, CborLimits.EVIDENCE);
    }
}
