// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;
import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiFeatures;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.Granule;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmState;
import dev.realmesh.host.rmm.rec.Rec;
import java.util.ArrayList;
import java.util.List;

/// RMI_REC_CREATE(rd, rec, params): a virtual processor for a new Realm.
final class RecCreate implements RmiHandler {
    private final World world;
    private final long maxRecs;

    RecCreate(World world, RmiFeatures offered) {
        this.world = world;
        this.maxRecs = (1L << offered.maxRecsOrder()) - 1;
    }

    @Override
    public RmiResult handle(Arguments x) {
        RecParams params = RecParams.decode(world.readPage(x.pa(3)));
        requireInput(Long.compareUnsigned(params.auxCount(), RecParams.MAX_AUX) <= 0);
        List<Claim> aux = params.aux().stream()
                .map(address -> world.claim(new PhysicalAddress(address), GranuleState.DELEGATED))
                .toList();
        Claim granule = world.claim(x.pa(2), GranuleState.DELEGATED);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        List<Claim> claims = new ArrayList<>(aux);
        claims.add(granule);
        claims.add(rd);
        try (Hold hold = world.hold(claims)) {
            Realm realm = world.realm(hold, rd);
            require(rd.granule().references() < maxRecs, RmiStatus.ERROR_REALM);
            require(realm.state() == RealmState.NEW, RmiStatus.ERROR_REALM);
            requireInput(RecParams.index(params.mpidr()) == realm.nextRecIndex());
            requireInput(params.auxCount() == RecAuxCount.COUNT);
            realm.measurements().initial().extendRec(params);
            hold.move(granule.granule(), GranuleState.REC);
            world.memory().scrub(granule.granule().address());
            List<Granule> auxGranules = aux.stream().map(Claim::granule).toList();
            for (Granule auxGranule : auxGranules) {
                hold.move(auxGranule, GranuleState.REC_AUX);
                world.memory().scrub(auxGranule.address());
            }
            world.recs().add(new Rec(granule.granule(), realm, params, auxGranules));
            realm.addRec();
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
