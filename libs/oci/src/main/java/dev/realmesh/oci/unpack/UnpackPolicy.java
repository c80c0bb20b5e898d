// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

/// What a root file system may have beside files, directories, links and FIFOs.
///
/// @param devices of the layers; a container runtime gives a container the devices that it may have, so images need
/// none
public record UnpackPolicy(Devices devices) {
    /// No devices.
    public static UnpackPolicy defaults() {
        return new UnpackPolicy(Devices.LEAVE_OUT);
    }

    /// What is done with device nodes.
    public enum Devices {
        /// They are counted.
        LEAVE_OUT,
        /// They are made where this process may; else counted, and so is the character device 0, 0: an overlay would
        /// take it for a deleted file, which layers say by `.wh.`.
        MAKE
    }
}
