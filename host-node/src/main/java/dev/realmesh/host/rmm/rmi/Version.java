// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;

/// RMI_VERSION: which versions of the interface there are.
final class Version implements RmiHandler {
    @Override
    public RmiResult handle(Arguments x) {
        boolean supported = x.x(1) == RmiCommand.VERSION_1_0;
        return RmiResult.of(
                supported ? RmiStatus.SUCCESS : RmiStatus.ERROR_INPUT, RmiCommand.VERSION_1_0, RmiCommand.VERSION_1_0);
    }
}
