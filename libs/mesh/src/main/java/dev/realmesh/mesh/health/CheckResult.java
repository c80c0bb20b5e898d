// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.health;

import java.util.Optional;

/// What the newest question came to.
///
/// @param id what was asked for
/// @param problem what is wrong; empty if it is there
public record CheckResult(String id, Optional<String> problem) {
    /// Whether it is there.
    public boolean up() {
        return problem.isEmpty();
    }
}
