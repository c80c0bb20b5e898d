// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.cel;

import org.jspecify.annotations.Nullable;

/// Why it cannot be said whether a condition holds, such as a member that is not there, or too many iterations.
public final class CelFailure extends Exception {
    private static final long serialVersionUID = 1L;

    CelFailure(String why, @Nullable Throwable cause) {
        super(why, cause);
    }
}
