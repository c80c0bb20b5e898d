// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;
import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.measurement.RealmInitialMeasurement;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmState;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;
import java.util.Optional;

/// RMI_RTT_INIT_RIPAS(rd, base, top): makes a range of a new Realm RAM, entry by entry, and measures each.
final class RttInitRipas implements RmiHandler {
    private final World world;

    RttInitRipas(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress base = x.ipa(2);
        IntermediatePhysicalAddress top = x.ipa(3);
        requireInput(top.compareTo(base) > 0);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            requireInput(base.isPageAligned() && top.isPageAligned());
            requireInput(realm.translation().space().isProtected(base, top));
            require(realm.state() == RealmState.NEW, RmiStatus.ERROR_REALM);
            RttWalk walk = realm.translation().walk(base, IpaSpace.LAST_LEVEL);
            require(walk.isAtStartOfEntry(), RmiStatus.errorRtt(walk.level()));
            RealmInitialMeasurement rim = realm.measurements().initial();
            IntermediatePhysicalAddress reached =
                    realm.translation().changeRun(walk, top, RttInitRipas::initialised, rim::extendRipas);
            require(!reached.equals(base), RmiStatus.errorRtt(walk.level()));
            return RmiResult.of(RmiStatus.SUCCESS, reached.value());
        }
    }

    private static Optional<RttEntry> initialised(RttEntry entry) {
        return entry instanceof RttEntry.Unassigned && entry.ripas() != Ripas.DESTROYED
                ? Optional.of(new RttEntry.Unassigned(Ripas.RAM))
                : Optional.empty();
    }
}
