// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiResult;

/// One command of the host.
@FunctionalInterface
interface RmiHandler {
    /// Does the command.
    ///
    /// @throws Refusal if a condition does not hold; nothing was changed
    RmiResult handle(Arguments x);
}
