// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;

/// Generations of CCA tokens: the profiles and the outer form that belong together.
public enum TokenGeneration {
    /// Of RMM 1.0, which published verification speaks: profiles of 2023, tag 399.
    V2023(PlatformClaims.PROFILE_2023, RealmProfile.V2023, CcaEvidence.Form.TOKEN_COLLECTION),
    /// Of current TF-RMM: profiles of 2024, a CMW collection with tag 907.
    V2024(PlatformClaims.PROFILE_2024, RealmProfile.V2024, CcaEvidence.Form.CMW_COLLECTION);

    private final String platformProfile;
    private final RealmProfile realmProfile;
    private final CcaEvidence.Form form;

    TokenGeneration(String platformProfile, RealmProfile realmProfile, CcaEvidence.Form form) {
        this.platformProfile = platformProfile;
        this.realmProfile = realmProfile;
        this.form = form;
    }

    /// Profile of the platform token.
    public String platformProfile() {
        return platformProfile;
    }

    /// Profile of the realm token.
    public RealmProfile realmProfile() {
        return realmProfile;
    }

    /// The collection of two tokens as they stand: what an RMM hands to its Realm.
    public Bytes collect(Bytes platformToken, Bytes realmToken) {
        return CcaEvidence.collect(form, platformToken, realmToken);
    }
}
