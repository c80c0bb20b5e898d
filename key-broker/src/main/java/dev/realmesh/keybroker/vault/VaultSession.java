// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import io.github.jopenlibs.vault.Vault;
import java.time.Duration;
import java.time.Instant;

/// A token that is good for now.
///
/// @param vault speaks with it
/// @param renewAt when to renew it, or to get another
/// @param renewable whether it can be renewed
record VaultSession(Vault vault, Instant renewAt, boolean renewable) {
    /// A token of so many seconds; 0 stands for one without end.
    static VaultSession lasting(Vault vault, long seconds, boolean renewable, Instant now) {
        Instant renewAt = seconds <= 0
                ? Instant.MAX
                : now.plus(Duration.ofSeconds(seconds).multipliedBy(2).dividedBy(3));
        return new VaultSession(vault, renewAt, renewable);
    }

    boolean isDue(Instant now) {
        return !now.isBefore(renewAt);
    }
}
