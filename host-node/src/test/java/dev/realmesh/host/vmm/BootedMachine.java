// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.Bytes;
import dev.realmesh.host.firmware.bl31.MemoryMonitor;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.DeviceBoard;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.rmm.Rmm;
import dev.realmesh.host.rmm.census.Census;

/// A machine with an RMM and no attestation: what a hypervisor needs.
public final class BootedMachine implements AutoCloseable {
    private final Machine machine;
    private final Rmm rmm;

    public BootedMachine(long dramBytes, RealmProcessorFactory processors) {
        machine = new Machine(AddressMap.qemuVirt(dramBytes), processors);
        rmm = new Rmm(machine, new MemoryMonitor(machine.rootMemory()), (realm, challenge) -> Bytes.EMPTY);
    }

    RmiEntry rmi() {
        return rmm;
    }

    HostMemory memory() {
        return machine.hostMemory();
    }

    DeviceBoard board() {
        return machine.board();
    }

    public AddressMap addressMap() {
        return machine.addressMap();
    }

    public Census census() {
        return rmm.census();
    }

    public long populatedBytes() {
        return machine.populatedBytes();
    }

    public RealmHost host() {
        return RealmHost.start(rmi(), memory(), board());
    }

    @Override
    public void close() {
        machine.close();
    }
}
