// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import dev.realmesh.cca.Bytes;
import dev.realmesh.host.firmware.bl1.BootRom;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.firmware.hes.PlatformIdentity;
import dev.realmesh.host.firmware.hes.PlatformState;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.MachineModel;
import java.net.URL;
import java.nio.file.Path;

/// Boots the firmware that its own class loader finds.
public final class BootProbe {
    private BootProbe() {}

    /// The platform token of a platform that keeps its identity in `state`.
    public static byte[] platformToken(Path state) {
        HardwareEnforcedSecurity security =
                HardwareEnforcedSecurity.powerOn(PlatformIdentity.open(state), PlatformState.SECURED);
        try (Machine machine = new Machine(MachineModel.VIRT.addressMap(1 << 20), context -> {
            throw new IllegalStateException("no Realm runs here");
        })) {
            return BootRom.start(security, machine.rootMemory())
                    .platformToken(Bytes.copyOf(new byte[32]))
                    .toByteArray();
        }
    }

    /// Where this class is.
    static URL location() {
        return BootProbe.class.getProtectionDomain().getCodeSource().getLocation();
    }
}
