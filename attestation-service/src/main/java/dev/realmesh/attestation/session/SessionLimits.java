// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.session;

import java.time.Duration;

/// What sessions may take.
///
/// @param most how many there may be at once
/// @param time how long one lasts after it was last used
public record SessionLimits(int most, Duration time) {
    public SessionLimits {
        if (most < 1 || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("sessions: " + most + ", " + time + " (expected: 1 or more, over 0 s)");
        }
    }
}
