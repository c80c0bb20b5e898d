// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import java.util.Optional;

/// States of a platform, claim 2395: each is a range of 256 numbers, the low byte is the implementation's own.
public enum SecurityLifecycle {
    UNKNOWN(0x0000),
    ASSEMBLY_AND_TEST(0x1000),
    PLATFORM_ROT_PROVISIONING(0x2000),
    SECURED(0x3000),
    NON_CCA_PLATFORM_DEBUG(0x4000),
    RECOVERABLE_CCA_PLATFORM_DEBUG(0x5000),
    DECOMMISSIONED(0x6000);

    private final int first;

    SecurityLifecycle(int first) {
        this.first = first;
    }

    /// The state of a claim's number; empty between the ranges.
    public static Optional<SecurityLifecycle> of(int claim) {
        for (SecurityLifecycle state : values()) {
            if ((claim & ~0xFF) == state.first) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /// Whether a platform in this state protects Realms: secured, or with debug open only to what is not CCA's.
    public boolean isTrustworthy() {
        return this == SECURED || this == NON_CCA_PLATFORM_DEBUG;
    }
}
