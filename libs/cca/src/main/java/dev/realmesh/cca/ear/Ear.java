// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import dev.realmesh.cca.Bytes;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// An attestation result before it is signed, or after its signature was checked.
///
/// @param issuedAt when the verifier made it (claim `iat`), to the second
/// @param nonce what the evidence had to be fresh for (`eat_nonce`), 8 to 64 bytes
/// @param verifier who made it
/// @param submods the appraisals by name
public record Ear(Instant issuedAt, Bytes nonce, VerifierId verifier, SortedMap<String, SubmodAppraisal> submods) {
    /// The profile of every EAR here.
    public static final String PROFILE = "tag:github.com,2023:veraison/ear";
    /// Submod of the platform.
    public static final String PLATFORM = "CCA_SSD_PLATFORM";
    /// Submod of the Realm.
    public static final String REALM = "CCA_REALM";
    /// The only submod of a result that refuses the evidence as a whole.
    public static final String REFUSED = "ARM_CCA";

    /// Who made a result.
    ///
    /// @param developer who wrote the verifier
    /// @param build its version
    public record VerifierId(String developer, String build) {}

    public Ear {
        if (nonce.size() < 8 || nonce.size() > 64) {
            throw new IllegalArgumentException("nonce: " + nonce.size() + " bytes (expected: 8 to 64)");
        }
        if (submods.isEmpty()) {
            throw new IllegalArgumentException("submods: none (expected: at least one)");
        }
        issuedAt = Instant.ofEpochSecond(issuedAt.getEpochSecond());
        submods = Collections.unmodifiableSortedMap(new TreeMap<>(submods));
    }

    /// A result of these appraisals.
    public static Ear of(Instant issuedAt, Bytes nonce, VerifierId verifier, Map<String, SubmodAppraisal> submods) {
        return new Ear(issuedAt, nonce, verifier, new TreeMap<>(submods));
    }

    /// The verdict on the attester as a whole: the worst of the submods'.
    public TrustTier status() {
        return submods.values().stream()
                .map(SubmodAppraisal::status)
                .reduce(TrustTier::worseVerdict)
                .orElse(TrustTier.NONE);
    }
}
