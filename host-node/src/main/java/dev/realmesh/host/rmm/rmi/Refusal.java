// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;

/// A condition of a command does not hold: what the host is told.
final class Refusal extends RuntimeException {
    private final RmiResult result;

    Refusal(RmiResult result) {
        super("refused: " + result.status(), null, false, false);
        this.result = result;
    }

    Refusal(RmiStatus status) {
        this(RmiResult.of(status));
    }

    /// ERROR_INPUT.
    static Refusal input() {
        return new Refusal(RmiStatus.ERROR_INPUT);
    }

    /// Refuses with `status` unless `condition` holds.
    static void require(boolean condition, RmiStatus status) {
        if (!condition) {
            throw new Refusal(status);
        }
    }

    /// Refuses with ERROR_INPUT unless `condition` holds.
    static void requireInput(boolean condition) {
        require(condition, RmiStatus.ERROR_INPUT);
    }

    RmiResult result() {
        return result;
    }
}
