// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.bl2;

import dev.realmesh.host.firmware.bl31.MonitorServices;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.firmware.image.FirmwareImage;
import dev.realmesh.host.machine.RootMemory;

/// BL2: measures what stays after boot, each image before it is used, and hands over to BL31.
public final class TrustedBootFirmware {
    private TrustedBootFirmware() {}

    /// Measures BL31 and the RMM, locks the measurements and starts BL31.
    ///
    /// @throws dev.realmesh.host.firmware.image.FirmwareException if code cannot be measured
    public static MonitorServices start(HardwareEnforcedSecurity security, RootMemory memory) {
        security.measure(FirmwareImage.BL2, FirmwareImage.BL31.component());
        security.measure(FirmwareImage.BL2, FirmwareImage.RMM.component());
        security.lock();
        return new MonitorServices(security, memory);
    }
}
