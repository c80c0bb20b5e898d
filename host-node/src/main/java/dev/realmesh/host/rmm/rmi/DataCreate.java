// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;
import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmState;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_DATA_CREATE(rd, data, ipa, src, flags): copies a page of the host into a new Realm, and measures it.
final class DataCreate implements RmiHandler {
    private static final long FLAG_MEASURE = 1;

    private final World world;

    DataCreate(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        long flags = x.x(5);
        requireInput(flags == 0 || flags == FLAG_MEASURE);
        PhysicalAddress source = x.pa(4);
        requireInput(world.granule(source).state() == GranuleState.NS);
        Claim data = world.claim(x.pa(2), GranuleState.DELEGATED);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(data, rd)) {
            Realm realm = world.realm(hold, rd);
            require(realm.state() == RealmState.NEW, RmiStatus.ERROR_REALM);
            IntermediatePhysicalAddress ipa = x.ipa(3);
            RttWalk walk = walkToUnassigned(realm, ipa);
            byte[] page = realm.pageBuffer();
            world.readPage(source, page);
            if (flags == FLAG_MEASURE) {
                realm.measurements().initial().extendData(ipa, page);
            } else {
                realm.measurements().initial().extendUnmeasuredData(ipa);
            }
            world.memory().fill(realm.mecId(), data.granule().address(), page);
            hold.move(data.granule(), GranuleState.DATA);
            realm.translation().set(walk, new RttEntry.Assigned(data.granule().address(), Ripas.RAM));
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }

    /// The entry for the page `ipa`, where nothing is mapped.
    static RttWalk walkToUnassigned(Realm realm, IntermediatePhysicalAddress ipa) {
        RttArguments.requireProtectedPage(realm, ipa);
        RttWalk walk = realm.translation().walk(ipa, IpaSpace.LAST_LEVEL);
        boolean free = walk.level() == IpaSpace.LAST_LEVEL && walk.entry() instanceof RttEntry.Unassigned;
        require(free, RmiStatus.errorRtt(walk.level()));
        return walk;
    }
}
