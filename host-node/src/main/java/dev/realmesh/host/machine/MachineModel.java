// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// Machines that can be emulated: what they have where, and how TF-A divides it.
public enum MachineModel {
    /// QEMU's `virt` with RME and secure world.
    VIRT,
    /// QEMU's `sbsa-ref` with RME: a server, whose DRAM begins at 1 TiB.
    SBSA_REF;

    /// The machine's address map.
    ///
    /// @param hostDram bytes of DRAM that the host starts with, whole granules
    public AddressMap addressMap(long hostDram) {
        return switch (this) {
            case VIRT -> AddressMap.qemuVirt(hostDram);
            case SBSA_REF -> AddressMap.qemuSbsaRef(hostDram);
        };
    }
}
