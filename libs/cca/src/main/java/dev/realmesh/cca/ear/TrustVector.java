// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// An AR4SI trustworthiness vector: a value, -128 to 127, for each claim.
public final class TrustVector {
    /// No claim is made.
    public static final TrustVector NO_CLAIM = all(0);
    /// The verifier cannot tell, by a fault of its own or of its provisioning.
    public static final TrustVector VERIFIER_MALFUNCTION = all(-1);
    /// Evidence that failed cryptographic validation.
    public static final TrustVector REFUSED = all(99);

    private final Map<TrustClaim, Integer> values;

    private TrustVector(Map<TrustClaim, Integer> values) {
        this.values = values;
    }

    /// The vector with one value for every claim.
    public static TrustVector all(int value) {
        Map<TrustClaim, Integer> values = new EnumMap<>(TrustClaim.class);
        Arrays.stream(TrustClaim.values()).forEach(claim -> values.put(claim, checked(value)));
        return new TrustVector(values);
    }

    /// This vector with another value for one claim.
    public TrustVector with(TrustClaim claim, int value) {
        Map<TrustClaim, Integer> changed = new EnumMap<>(values);
        changed.put(claim, checked(value));
        return new TrustVector(changed);
    }

    /// The vector of two parts as one: of each claim the worse value; where one part makes no claim, the other's.
    public TrustVector joinedWith(TrustVector other) {
        TrustVector joined = this;
        for (TrustClaim claim : TrustClaim.values()) {
            int mine = get(claim);
            int others = other.get(claim);
            if (mine == 0 || (others != 0 && TrustTier.isWorse(others, mine))) {
                joined = joined.with(claim, others);
            }
        }
        return joined;
    }

    /// The value of a claim.
    public int get(TrustClaim claim) {
        return values.getOrDefault(claim, 0);
    }

    /// The worst tier of the values.
    public TrustTier tier() {
        return values.values().stream()
                .map(TrustTier::ofClaim)
                .max(TrustTier::compareTo)
                .orElse(TrustTier.NONE);
    }

    private static int checked(int value) {
        if (value < Byte.MIN_VALUE || value > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("trust claim: " + value + " (expected: -128 to 127)");
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustVector that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
