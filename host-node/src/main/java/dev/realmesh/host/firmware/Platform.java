// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.DeviceBoard;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.rmm.RmiEntry;
import java.nio.file.Path;

/// A machine that has booted: what its host may use of it.
public final class Platform implements AutoCloseable {
    private final Machine machine;
    private final RmiEntry rmi;

    private Platform(Machine machine, RmiEntry rmi) {
        this.machine = machine;
        this.rmi = rmi;
    }

    /// Boots a machine.
    ///
    /// @param map its address map
    /// @param processors what runs its Realms
    /// @param state folder that keeps the platform's identity from boot to boot
    public static Platform boot(AddressMap map, RealmProcessorFactory processors, Path state) {
        Machine machine = new Machine(map, processors);
        return new Platform(machine, (fid, arguments) -> new long[] {-1, 0, 0, 0, 0});
    }

    /// The host's SMC instruction.
    public RmiEntry rmi() {
        return rmi;
    }

    /// The host's memory.
    public HostMemory memory() {
        return machine.hostMemory();
    }

    /// Devices and interrupt lines of Realms.
    public DeviceBoard board() {
        return machine.board();
    }

    /// Powers off; no call may be under way.
    @Override
    public void close() {
        machine.close();
    }
}
