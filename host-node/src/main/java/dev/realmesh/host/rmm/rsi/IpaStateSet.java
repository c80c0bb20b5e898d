// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import java.util.Optional;

/// RSI_IPA_STATE_SET: asks the host to change the RIPAS of a range.
final class IpaStateSet implements RealmCall {
    private static final long CHANGE_DESTROYED = 1;

    @Override
    public Outcome call(Rec rec, Registers registers) {
        IpaSpace space = rec.realm().translation().space();
        IntermediatePhysicalAddress base = new IntermediatePhysicalAddress(registers.x(1));
        IntermediatePhysicalAddress top = new IntermediatePhysicalAddress(registers.x(2));
        Optional<Ripas> ripas = Ripas.of(registers.x(3)).filter(asked -> asked != Ripas.DESTROYED);
        if (!IpaStateGet.isPageRange(space, base, top) || ripas.isEmpty()) {
            return Outcome.of(RsiStatus.ERROR_INPUT);
        }
        boolean changeDestroyed = (registers.x(4) & CHANGE_DESTROYED) != 0;
        rec.setPending(new PendingOperation.RipasChange(base, top, ripas.get(), changeDestroyed));
        return new Outcome.Leave(
                new RecExit.RipasChange(base.value(), top.value(), ripas.get()), GeneralRegisters.zero(0));
    }
}
