// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import dev.realmesh.host.firmware.bl2.TrustedBootFirmware;
import dev.realmesh.host.firmware.bl31.MonitorServices;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.firmware.hes.PlatformIdentity;
import dev.realmesh.host.firmware.image.FirmwareImage;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.DeviceBoard;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.rmm.Rmm;
import dev.realmesh.host.rmm.census.Census;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A machine that has booted: what its host may use of it.
public final class Platform implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

    private final Machine machine;
    private final Rmm rmm;

    private Platform(Machine machine, Rmm rmm) {
        this.machine = machine;
        this.rmm = rmm;
    }

    /// Boots a machine, BL1 first: each stage measures the next one before it enters it. BL1 measures the hardware, the
    /// root of trust and BL2; BL2 measures BL31 and the RMM and locks the slots; BL31 starts the RMM.
    ///
    /// @param map its address map
    /// @param processors what runs its Realms
    /// @param state folder that keeps the platform's identity from boot to boot
    /// @throws FirmwareException if the identity cannot be kept or code cannot be measured
    public static Platform boot(AddressMap map, RealmProcessorFactory processors, Path state) {
        HardwareEnforcedSecurity security = new HardwareEnforcedSecurity(PlatformIdentity.open(state));
        security.measure(FirmwareImage.HARDWARE.component());
        security.measure(FirmwareImage.RUNTIME_SECURITY_ENGINE.component());
        security.measure(FirmwareImage.BL1.component());
        security.measure(FirmwareImage.BL2.component());
        Machine machine = new Machine(map, processors);
        MonitorServices monitor = TrustedBootFirmware.start(security, machine.rootMemory());
        Rmm rmm = Rmm.boot(machine, monitor);
        LOG.info("booted emulated CCA platform {}", security.identity().instanceId());
        return new Platform(machine, rmm);
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
