// SPDX-License-Identifier: Apache-2.0

/// QEMU's `virt` machine. Start at [dev.realmesh.host.vmm.qemu.QemuPlan].
@NullMarked
package dev.realmesh.host.vmm.qemu;

import org.jspecify.annotations.NullMarked;
