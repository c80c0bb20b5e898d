// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.PlanException;

/// Where QEMU's `virt` machine has what moves with its memory: above RAM is room for memory to plug in, then for more
/// redistributors, then for PCIe, but not below 256 GiB.
///
/// @param ramBytes memory, whole pages
/// @param maxBytes how far it can grow; at least `ramBytes`
/// @param slots places to plug memory in
public record QemuMemoryMap(long ramBytes, long maxBytes, int slots) {
    /// Where RAM begins.
    static final long RAM_BASE = 0x4000_0000L;

    static final long HIGH_REDISTRIBUTORS_SIZE = 64L << 20;
    static final long HIGH_PCI_CONFIG_SIZE = 256L << 20;
    static final long HIGH_PCI_MEMORY_SIZE = 512L << 30;

    private static final long HIGH_BASE = 0x40_0000_0000L;
    private static final long GIB = 1L << 30;
    private static final long MAX_BYTES = 1L << 50;
    private static final int MAX_SLOTS = 256;

    public QemuMemoryMap {
        if (ramBytes <= 0 || ramBytes % BootPlan.PAGE != 0 || ramBytes > MAX_BYTES) {
            throw new PlanException.BadMachine(
                    "memory of %d bytes (expected: whole pages, at most 1 PiB)".formatted(ramBytes));
        }
        if (maxBytes < ramBytes || maxBytes > MAX_BYTES) {
            throw new PlanException.BadMachine(
                    "memory that grows to %d bytes (expected: from %d, at most 1 PiB)".formatted(maxBytes, ramBytes));
        }
        if (slots < 0 || slots > MAX_SLOTS) {
            throw new PlanException.BadMachine("%d memory slots (expected: 0 to %d)".formatted(slots, MAX_SLOTS));
        }
    }

    /// Memory that does not grow.
    public static QemuMemoryMap of(long ramBytes) {
        return new QemuMemoryMap(ramBytes, ramBytes, 0);
    }

    /// The IPA after the last byte of RAM.
    long ramTop() {
        return RAM_BASE + ramBytes;
    }

    long highRedistributors() {
        return BootPlan.roundUp(highBase(), HIGH_REDISTRIBUTORS_SIZE);
    }

    long highPciConfig() {
        return BootPlan.roundUp(highBase() + HIGH_REDISTRIBUTORS_SIZE, HIGH_PCI_CONFIG_SIZE);
    }

    long highPciMemory() {
        return BootPlan.roundUp(highBase() + HIGH_REDISTRIBUTORS_SIZE + HIGH_PCI_CONFIG_SIZE, HIGH_PCI_MEMORY_SIZE);
    }

    /// Bits of an IPA: as many as the highest address needs, and one for the half that is shared.
    int ipaBits() {
        long end = highBase() + HIGH_REDISTRIBUTORS_SIZE + HIGH_PCI_CONFIG_SIZE + HIGH_PCI_MEMORY_SIZE;
        return Long.SIZE - Long.numberOfLeadingZeros(end) + 1;
    }

    private long highBase() {
        long plugged = maxBytes - ramBytes + slots * GIB;
        return Math.max(BootPlan.roundUp(ramTop(), GIB) + BootPlan.roundUp(plugged, GIB), HIGH_BASE);
    }
}
