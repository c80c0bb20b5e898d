// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import dev.realmesh.host.firmware.bl1.BootRom;
import dev.realmesh.host.firmware.bl31.MonitorServices;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.firmware.hes.Measurement;
import dev.realmesh.host.firmware.hes.PlatformIdentity;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.DeviceBoard;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.rmm.Rmm;
import dev.realmesh.host.rmm.census.Census;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A machine that has booted: what its host may use of it.
public final class Platform implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

    private final Machine machine;
    private final List<Measurement> bootLog;
    private final Rmm rmm;

    private Platform(Machine machine, List<Measurement> bootLog, Rmm rmm) {
        this.machine = machine;
        this.bootLog = bootLog;
        this.rmm = rmm;
    }

    /// Boots a secured platform of RMM 1.0; see [PlatformSetup].
    ///
    /// @throws FirmwareException if the identity cannot be kept or code cannot be measured
    public static Platform boot(AddressMap map, RealmProcessorFactory processors, Path folder) {
        return boot(PlatformSetup.of(map, processors, folder));
    }

    /// Boots a platform. Each stage is measured before it runs: the root of trust measures the hardware, itself and
    /// BL1, BL1 measures BL2, BL2 measures BL31 and the RMM and locks the measurements, BL31 enters the RMM.
    ///
    /// @throws FirmwareException if the identity cannot be kept or code cannot be measured
    public static Platform boot(PlatformSetup setup) {
        HardwareEnforcedSecurity security =
                HardwareEnforcedSecurity.powerOn(PlatformIdentity.open(setup.folder()), setup.state());
        Machine machine = new Machine(setup.map(), setup.processors());
        MonitorServices monitor = BootRom.start(security, machine.rootMemory());
        Rmm rmm = monitor.enterRmm(machine, setup.tokens());
        LOG.info("booted emulated CCA platform {}", security.identity().instanceId());
        return new Platform(machine, security.measurements(), rmm);
    }

    /// What was measured, by whom, in order.
    public List<Measurement> bootLog() {
        return bootLog;
    }

    /// The host's SMC instruction.
    public RmiEntry rmi() {
        return rmm;
    }

    /// Where everything is on the machine.
    public AddressMap addressMap() {
        return machine.addressMap();
    }

    /// Bytes of the machine's DRAM that cost something: those that were ever written to, in chunks.
    public long populatedBytes() {
        return machine.populatedBytes();
    }

    /// Writes out the machine's DRAM as its pins show it; see [Machine#dump].
    public void dump(OutputStream into) throws IOException {
        machine.dump(into);
    }

    /// All granules and Realms of the machine, counted: for people who look at it, not for what the host does.
    public Census census() {
        return rmm.census();
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
