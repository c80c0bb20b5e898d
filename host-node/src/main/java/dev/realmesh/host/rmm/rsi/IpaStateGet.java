// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RealmTranslation;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RSI_IPA_STATE_GET: the RIPAS of the first pages of a range, and how far they have it.
final class IpaStateGet implements RealmCall {
    @Override
    public Outcome call(Rec rec, Registers registers) {
        RealmTranslation translation = rec.realm().translation();
        IntermediatePhysicalAddress base = new IntermediatePhysicalAddress(registers.x(1));
        IntermediatePhysicalAddress top = new IntermediatePhysicalAddress(registers.x(2));
        if (!isPageRange(translation.space(), base, top)) {
            return Outcome.of(RsiStatus.ERROR_INPUT);
        }
        RttWalk walk = translation.walk(base, IpaSpace.LAST_LEVEL);
        IntermediatePhysicalAddress end = translation.endOfRipas(walk);
        long reached = end.compareTo(top) < 0 ? end.value() : top.value();
        return Outcome.of(RsiStatus.SUCCESS, reached, walk.entry().ripas().number());
    }

    static boolean isPageRange(IpaSpace space, IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
        return base.isPageAligned() && top.isPageAligned() && base.compareTo(top) < 0 && space.isProtected(base, top);
    }
}
