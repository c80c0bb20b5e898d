// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

/// The profiles of Arm CCA endorsements; the profile says which triples a CoRIM may hold.
public enum CorimProfile {
    /// Trust anchors and reference values of platforms.
    PLATFORM("tag:arm.com,2025:cca_platform#1.0.0"),
    /// Reference values of Realms.
    REALM("tag:arm.com,2025:cca_realm#1.0.0");

    private final String uri;

    CorimProfile(String uri) {
        this.uri = uri;
    }

    /// The profile of an identifier.
    ///
    /// @throws CorimException.Invalid if it is neither
    public static CorimProfile ofUri(String uri) {
        for (CorimProfile profile : values()) {
            if (profile.uri.equals(uri)) {
                return profile;
            }
        }
        throw new CorimException.Invalid("CoRIM profile", uri, PLATFORM.uri + " or " + REALM.uri);
    }

    /// The identifier.
    public String uri() {
        return uri;
    }

    /// Media type of an unsigned CoRIM of this profile.
    public String mediaType() {
        return "application/rim+cbor; profile=\"" + uri + "\"";
    }

    /// Media type of a signed CoRIM of this profile.
    public String signedMediaType() {
        return "application/rim+cose; profile=\"" + uri + "\"";
    }
}
