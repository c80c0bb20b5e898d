// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.DeviceBoard;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.machine.RootMemory;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.rmm.Rmm;
import dev.realmesh.host.rmm.monitor.SecureMonitor;
import java.security.KeyPair;

/// A machine with an RMM and no attestation: what a hypervisor needs.
public final class BootedMachine implements AutoCloseable {
    private final Machine machine;
    private final Rmm rmm;

    public BootedMachine(long dramBytes, RealmProcessorFactory processors) {
        machine = new Machine(AddressMap.qemuVirt(dramBytes), processors);
        rmm = new Rmm(machine, new GranulesOnly(machine.rootMemory()), (realm, challenge) -> Bytes.EMPTY);
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

    public RealmHost host() {
        return RealmHost.start(rmi(), memory(), board());
    }

    @Override
    public void close() {
        machine.close();
    }

    private record GranulesOnly(RootMemory memory) implements SecureMonitor {
        @Override
        public boolean delegate(PhysicalAddress granule) {
            return memory.delegate(granule);
        }

        @Override
        public boolean undelegate(PhysicalAddress granule) {
            return memory.undelegate(granule);
        }

        @Override
        public KeyPair realmAttestationKey() {
            throw new UnsupportedOperationException("no key");
        }

        @Override
        public Bytes platformToken(Bytes challenge) {
            throw new UnsupportedOperationException("no token");
        }
    }
}
