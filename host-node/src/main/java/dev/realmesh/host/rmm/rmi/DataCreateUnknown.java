// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;
import java.util.Arrays;

/// RMI_DATA_CREATE_UNKNOWN(rd, data, ipa): gives a Realm a page of zeroes, which is not measured. What the page is to
/// the Realm stays.
final class DataCreateUnknown implements RmiHandler {
    private final World world;

    DataCreateUnknown(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress ipa = x.ipa(3);
        Claim data = world.claim(x.pa(2), GranuleState.DELEGATED);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(data, rd)) {
            Realm realm = world.realm(hold, rd);
            RttWalk walk = DataCreate.walkToUnassigned(realm, ipa);
            byte[] page = realm.pageBuffer();
            Arrays.fill(page, (byte) 0);
            world.memory().fill(realm.mecId(), data.granule().address(), page);
            hold.move(data.granule(), GranuleState.DATA);
            realm.translation()
                    .set(
                            walk,
                            new RttEntry.Assigned(
                                    data.granule().address(), walk.entry().ripas()));
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
