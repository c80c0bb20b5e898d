// SPDX-License-Identifier: Apache-2.0

/// Devices that the host emulates for a Realm: what it answers to accesses of their registers, and by DMA, for which it
/// has the memory that they share. Start at [dev.realmesh.host.vmm.device.MmioDevice].
@NullMarked
package dev.realmesh.host.vmm.device;

import org.jspecify.annotations.NullMarked;
