// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.rec.Rec;

/// RSI_VERSION: which versions of the interface there are.
final class Version implements RealmCall {
    @Override
    public Outcome call(Rec rec, Registers registers) {
        boolean supported = registers.x(1) == RsiCommand.VERSION_1_0;
        return Outcome.of(
                supported ? RsiStatus.SUCCESS : RsiStatus.ERROR_INPUT, RsiCommand.VERSION_1_0, RsiCommand.VERSION_1_0);
    }
}
