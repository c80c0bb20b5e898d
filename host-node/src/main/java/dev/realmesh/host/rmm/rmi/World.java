// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.machine.MachineFault;
import dev.realmesh.host.machine.RealmWorldMemory;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.Granule;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.GranuleTable;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.MecIds;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmTable;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rec.RecTable;
import java.util.List;

/// What commands work on: granules, Realms, RECs and physical memory. Its methods refuse as commands do.
///
/// @param granules all granules
/// @param realms all Realms
/// @param recs all RECs
/// @param memory memory of the Realm world
/// @param mecIds encryption contexts of Realms
public record World(GranuleTable granules, RealmTable realms, RecTable recs, RealmWorldMemory memory, MecIds mecIds) {
    /// The granule that starts at `address`, in any state.
    Granule granule(PhysicalAddress address) {
        return granules.at(address).orElseThrow(Refusal::input);
    }

    /// A claim on the granule that starts at `address`.
    Claim claim(PhysicalAddress address, GranuleState expected) {
        return new Claim(granule(address), expected);
    }

    /// Locks granules that are in the states claimed.
    Hold hold(Claim... claims) {
        return granules.lock(claims).orElseThrow(Refusal::input);
    }

    /// As [#hold(Claim...)].
    Hold hold(List<Claim> claims) {
        return granules.lock(claims).orElseThrow(Refusal::input);
    }

    /// The Realm of a descriptor that is locked.
    Realm realm(Hold hold, Claim descriptor) {
        return realms.of(hold, descriptor.granule());
    }

    /// The REC of a granule that is locked.
    Rec rec(Hold hold, Claim granule) {
        return recs.of(hold, granule.granule());
    }

    /// Reads the whole page of the host at `address` into `page`.
    void readPage(PhysicalAddress address, byte[] page) {
        Granule granule = granule(address);
        requireInput(granule.state() == GranuleState.NS);
        try {
            memory.readNonSecure(address, page, 0, PhysicalAddress.GRANULE_SIZE);
        } catch (MachineFault fault) {
            throw new Refusal(RmiStatus.ERROR_INPUT);
        }
    }

    /// A copy of the page of the host at `address`.
    byte[] readPage(PhysicalAddress address) {
        byte[] page = new byte[PhysicalAddress.GRANULE_SIZE];
        readPage(address, page);
        return page;
    }

    /// Takes a granule of a Realm that is locked back to DELEGATED, wiped.
    void release(Granule granule, GranuleState from) {
        memory.scrub(granule.address());
        granules.release(granule, from);
    }
}
