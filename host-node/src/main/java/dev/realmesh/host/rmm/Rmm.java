// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiFeatures;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.rmm.attestation.CcaAttestation;
import dev.realmesh.host.rmm.attestation.TokenOptions;
import dev.realmesh.host.rmm.census.Census;
import dev.realmesh.host.rmm.census.TakeCensus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.Granule;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.GranuleTable;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.monitor.MemoryServices;
import dev.realmesh.host.rmm.monitor.SecureMonitor;
import dev.realmesh.host.rmm.realm.MecIds;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmTable;
import dev.realmesh.host.rmm.rec.RecTable;
import dev.realmesh.host.rmm.rmi.HostCalls;
import dev.realmesh.host.rmm.rmi.World;
import dev.realmesh.host.rmm.rsi.RealmAttestation;
import dev.realmesh.host.rmm.rsi.RealmCalls;

/// The Realm Management Monitor 1.0. It manages the DRAM that was the host's at boot.
public final class Rmm implements RmiEntry {
    /// Feature register 0: 48-bit IPAs, LPA2, SVE up to 2048 bits, 16 breakpoints and watchpoints, 31 performance
    /// counters, SHA-256 and SHA-512, 16 list registers, 1023 RECs.
    public static final RmiFeatures FEATURES = new RmiFeatures(0x2BF_FCF3_FF30L);

    private final GranuleTable granules;
    private final RealmTable realms = new RealmTable();
    private final RecTable recs = new RecTable();
    private final HostCalls calls;

    /// Boots the RMM on `machine`: it gets its attestation key and the platform token from EL3.
    ///
    /// @param tokens what its tokens are like
    public static Rmm boot(Machine machine, SecureMonitor monitor, TokenOptions tokens) {
        return new Rmm(machine, monitor, CcaAttestation.begin(monitor, tokens));
    }

    /// As [#boot], with tokens by `attestation`.
    public Rmm(Machine machine, MemoryServices monitor, RealmAttestation attestation) {
        this.granules = new GranuleTable(machine.hostMemory().dram());
        World world = new World(granules, realms, recs, machine.realmWorldMemory(), new MecIds(monitor));
        this.calls = new HostCalls(world, machine, monitor, FEATURES, new RealmCalls(granules, recs, attestation));
    }

    @Override
    public long[] smc(long fid, long... arguments) {
        return calls.call(fid, arguments).registers();
    }

    /// All granules and Realms, counted: the emulator's debugging port.
    public Census census() {
        return new TakeCensus(granules, realms, recs).take();
    }

    /// State of the granule at `address`: what only the RMM knows.
    GranuleState stateOf(PhysicalAddress address) {
        return granules.at(address).orElseThrow().state();
    }

    /// Count of references of the granule at `address`.
    int references(PhysicalAddress address) {
        return granules.at(address).orElseThrow().references();
    }

    /// Measurement slot `slot` of the Realm at `descriptor`.
    Digest measurement(PhysicalAddress descriptor, int slot) {
        return realm(descriptor).measurements().read(slot);
    }

    /// The Realm at `descriptor`; no command may be under way.
    Realm realm(PhysicalAddress descriptor) {
        Granule granule = granules.at(descriptor).orElseThrow();
        try (Hold hold = granules.lock(new Claim(granule, GranuleState.RD)).orElseThrow()) {
            return realms.of(hold, granule);
        }
    }
}
