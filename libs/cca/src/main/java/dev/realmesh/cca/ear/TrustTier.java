// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import java.util.Locale;
import java.util.Optional;

/// Trust tiers of AR4SI (draft-ietf-rats-ar4si §3.2), ordered by how much is known against the attester.
public enum TrustTier {
    /// No claim is made; a relying party takes it for a no.
    NONE,
    /// All is as endorsed.
    AFFIRMING,
    /// Something is not known to be good.
    WARNING,
    /// Something is known to be bad.
    CONTRAINDICATED;

    /// The tier of one claim's value, -128 to 127.
    public static TrustTier ofClaim(int value) {
        if (value >= -1 && value <= 1) {
            return NONE;
        }
        if (value >= -32 && value <= 31) {
            return AFFIRMING;
        }
        return value >= -96 && value <= 95 ? WARNING : CONTRAINDICATED;
    }

    /// Whether a claim's value says less for the attester than another: by its tier, and within a tier by how far it is
    /// from zero.
    public static boolean isWorse(int value, int than) {
        TrustTier tier = ofClaim(value);
        TrustTier before = ofClaim(than);
        return tier == before ? Math.abs(value) > Math.abs(than) : tier.worseVerdict(before) == tier;
    }

    /// The tier that an EAR names.
    public static Optional<TrustTier> ofName(String name) {
        for (TrustTier tier : values()) {
            if (tier.earName().equals(name)) {
                return Optional.of(tier);
            }
        }
        return Optional.empty();
    }

    /// The name in an EAR.
    public String earName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Which of two verdicts on parts of one attester holds for the whole: no claim is worse than a good one.
    public TrustTier worseVerdict(TrustTier other) {
        return rank(this) >= rank(other) ? this : other;
    }

    private static int rank(TrustTier tier) {
        return switch (tier) {
            case AFFIRMING -> 0;
            case NONE -> 1;
            case WARNING -> 2;
            case CONTRAINDICATED -> 3;
        };
    }
}
