// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// An attestation result in the form that a Trustee KBS relies on, before it is signed. It holds for whoever has the
/// key in its runtime data claims, until it expires; it has no nonce.
///
/// @param issuedAt when it is made (claim `iat`), to the second
/// @param expiresAt until when it holds (`exp`), to the second
/// @param issuer who issues it (`iss`)
/// @param verifier who made the verdict
/// @param submods the appraisals by name
public record TrusteeEar(
        Instant issuedAt,
        Instant expiresAt,
        String issuer,
        Ear.VerifierId verifier,
        SortedMap<String, SubmodAppraisal> submods) {
    /// The profile of these EARs.
    public static final String PROFILE = "tag:github.com,2024:confidential-containers/Trustee";
    /// Submod of the confidential guest itself: platform and Realm as one.
    public static final String CPU = "cpu0";

    public TrusteeEar {
        if (!expiresAt.isAfter(issuedAt)) {
            throw new IllegalArgumentException("expires at: " + expiresAt + " (expected: after " + issuedAt + ")");
        }
        submods = Collections.unmodifiableSortedMap(new TreeMap<>(submods));
    }
}
