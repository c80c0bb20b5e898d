// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.device;

import dev.realmesh.host.vmm.plan.BootPlan;

/// A device whose registers a Realm reads and writes; several processors may do so at once.
public interface MmioDevice {
    /// Where its registers are, without the bit that makes an address a shared one.
    BootPlan.Range place();

    /// The Realm reads `bytes` (1, 2, 4 or 8) at `offset` from the device's base: the value of the register that it
    /// reads into.
    long read(long offset, int bytes);

    /// The Realm writes the lowest `bytes` (1, 2, 4 or 8) of a register to `offset`.
    void write(long offset, int bytes, long value);
}
