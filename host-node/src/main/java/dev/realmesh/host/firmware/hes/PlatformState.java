// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.hes;

import dev.realmesh.cca.token.SecurityLifecycle;
import dev.realmesh.cca.token.TokenGeneration;

/// What a platform's fuses and its root of trust's firmware were set to.
///
/// @param lifecycle claim 2395: a number in the range of a [SecurityLifecycle]
/// @param generation of its platform tokens
public record PlatformState(int lifecycle, TokenGeneration generation) {
    /// Secured, with tokens of 2023.
    public static final PlatformState SECURED = new PlatformState(0x3003, TokenGeneration.V2023);

    public PlatformState {
        if (SecurityLifecycle.of(lifecycle).isEmpty()) {
            throw new IllegalArgumentException(
                    "lifecycle: 0x" + Integer.toHexString(lifecycle) + " (expected: in the range of a state)");
        }
    }

    /// This, with tokens of another generation.
    public PlatformState with(TokenGeneration other) {
        return new PlatformState(lifecycle, other);
    }
}
