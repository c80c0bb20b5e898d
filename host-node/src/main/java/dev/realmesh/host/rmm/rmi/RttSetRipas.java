// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;
import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rec.PendingOperation.RipasChange;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;
import java.util.Optional;

/// RMI_RTT_SET_RIPAS(rd, rec, base, top): does the next part of what a REC asked for by RSI_IPA_STATE_SET.
final class RttSetRipas implements RmiHandler {
    private final World world;

    RttSetRipas(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress base = x.ipa(3);
        IntermediatePhysicalAddress top = x.ipa(4);
        requireInput(top.compareTo(base) > 0 && top.isPageAligned());
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        Claim recGranule = world.claim(x.pa(2), GranuleState.REC);
        try (Hold hold = world.hold(rd, recGranule)) {
            Realm realm = world.realm(hold, rd);
            Rec rec = world.rec(hold, recGranule);
            require(!rec.isRunning() && rec.realm() == realm, RmiStatus.ERROR_REC);
            if (!(rec.pending() instanceof RipasChange asked)) {
                throw Refusal.input();
            }
            requireInput(base.equals(asked.next()) && top.compareTo(asked.top()) <= 0);
            RttWalk walk = realm.translation().walk(base, IpaSpace.LAST_LEVEL);
            require(walk.isAtStartOfEntry(), RmiStatus.errorRtt(walk.level()));
            IntermediatePhysicalAddress reached =
                    realm.translation().changeRun(walk, top, entry -> changed(entry, asked), (from, to) -> {});
            require(!reached.equals(base), RmiStatus.errorRtt(walk.level()));
            rec.setPending(asked.reaching(reached));
            return RmiResult.of(RmiStatus.SUCCESS, reached.value());
        }
    }

    private static Optional<RttEntry> changed(RttEntry entry, RipasChange asked) {
        if (entry.ripas() == Ripas.DESTROYED && !asked.changeDestroyed()) {
            return Optional.empty();
        }
        return switch (entry) {
            case RttEntry.Unassigned unassigned -> Optional.of(new RttEntry.Unassigned(asked.ripas()));
            case RttEntry.Assigned assigned -> Optional.of(new RttEntry.Assigned(assigned.address(), asked.ripas()));
            case RttEntry.Table table -> Optional.empty();
            case RttEntry.UnassignedShared shared -> Optional.empty();
            case RttEntry.AssignedShared shared -> Optional.empty();
        };
    }
}
