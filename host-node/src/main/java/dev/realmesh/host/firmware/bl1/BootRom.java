// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.bl1;

import dev.realmesh.host.firmware.bl2.TrustedBootFirmware;
import dev.realmesh.host.firmware.bl31.MonitorServices;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.firmware.image.FirmwareImage;
import dev.realmesh.host.machine.RootMemory;

/// BL1: measures BL2, then enters it.
public final class BootRom {
    private BootRom() {}

    /// Boots the application processors from reset.
    ///
    /// @throws dev.realmesh.host.firmware.image.FirmwareException if code cannot be measured
    public static MonitorServices start(HardwareEnforcedSecurity security, RootMemory memory) {
        security.measure(FirmwareImage.BL1, FirmwareImage.BL2.component());
        return TrustedBootFirmware.start(security, memory);
    }
}
