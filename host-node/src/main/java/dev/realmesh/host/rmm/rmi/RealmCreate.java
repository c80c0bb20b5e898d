// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RmiFeatures;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RealmTranslation;
import dev.realmesh.host.rmm.rtt.TableMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// RMI_REALM_CREATE(rd, params): a new Realm, with start tables that map nothing.
final class RealmCreate implements RmiHandler {
    private static final int MIN_S2SZ = 32;
    private static final long KNOWN_FLAGS = RealmFeatures.FLAG_LPA2 | RealmFeatures.FLAG_SVE | RealmFeatures.FLAG_PMU;

    private final World world;
    private final RmiFeatures offered;

    RealmCreate(World world, RmiFeatures offered) {
        this.world = world;
        this.offered = offered;
    }

    @Override
    public RmiResult handle(Arguments x) {
        RealmParams params = RealmParams.decode(world.readPage(x.pa(2)));
        requireInput(isOffered(params.features()));
        IpaSpace space = spaceOf(params);
        PhysicalAddress tables = new PhysicalAddress(params.rtt().base());
        Claim rd = world.claim(x.pa(1), GranuleState.DELEGATED);
        List<Claim> claims = new ArrayList<>(List.of(rd));
        for (int table = 0; table < space.startTables(); table++) {
            claims.add(world.claim(tables.plus((long) table * PhysicalAddress.GRANULE_SIZE), GranuleState.DELEGATED));
        }
        try (Hold hold = world.hold(claims)) {
            requireInput(world.realms().reserveVmid(params.vmid()));
            Optional<MecId> mecId = world.mecIds().reserve();
            if (mecId.isEmpty()) {
                world.realms().freeVmid(params.vmid());
                throw Refusal.input();
            }
            for (Claim claim : claims) {
                hold.move(claim.granule(), claim.equals(rd) ? GranuleState.RD : GranuleState.RTT);
            }
            world.memory().scrub(rd.granule().address());
            RealmTranslation translation = new RealmTranslation(space, tables, memory(params, mecId.get()));
            translation.clear();
            world.realms().add(new Realm(rd.granule(), params, translation));
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }

    private TableMemory memory(RealmParams params, MecId mecId) {
        boolean largeAddresses = params.features().has(RealmFeatures.FLAG_LPA2);
        return new TableMemory(world.memory(), mecId, world.granules(), largeAddresses);
    }

    private boolean isOffered(RealmFeatures asked) {
        boolean flags = (asked.flags() & ~KNOWN_FLAGS) == 0
                && (offered.lpa2() || !asked.has(RealmFeatures.FLAG_LPA2))
                && (offered.sve() || !asked.has(RealmFeatures.FLAG_SVE))
                && (offered.pmu() || !asked.has(RealmFeatures.FLAG_PMU));
        return flags
                && asked.s2sz() >= MIN_S2SZ
                && asked.s2sz() <= offered.s2sz()
                && (!asked.has(RealmFeatures.FLAG_SVE) || asked.sveVl() <= offered.sveVl())
                && asked.numBps() >= 1
                && asked.numBps() <= offered.numBps()
                && asked.numWps() >= 1
                && asked.numWps() <= offered.numWps()
                && (!asked.has(RealmFeatures.FLAG_PMU) || asked.pmuNumCtrs() <= offered.pmuNumCtrs())
                && HashAlgorithm.of(asked.hashAlgo()).filter(offered::offers).isPresent();
    }

    private static IpaSpace spaceOf(RealmParams params) {
        RealmParams.RttRoot root = params.rtt();
        requireInput(root.level() >= 0 && root.level() <= IpaSpace.LAST_LEVEL);
        IpaSpace space = new IpaSpace(params.features().s2sz(), (int) root.level());
        requireInput(space.isConsistent() && root.tables() == space.startTables());
        requireInput(root.base() % ((long) space.startTables() * PhysicalAddress.GRANULE_SIZE) == 0);
        return space;
    }
}
