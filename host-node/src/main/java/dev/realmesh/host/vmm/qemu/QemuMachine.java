// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.VirtualCpu;

/// QEMU's `virt` machine as a Realm (`-M virt,gic-version=3,acpi=off,confidential-guest-support=rme0`), as far as its
/// measurement depends on it.
///
/// @param memoryBytes RAM; a multiple of 1 MiB, at most 255 GiB
/// @param vcpus virtual processors, 1 to 16
/// @param cpu what each of them has
/// @param hash algorithm of the Realm's measurements
/// @param commandLine kernel command line, at most 2048 bytes; empty: none
public record QemuMachine(long memoryBytes, int vcpus, VirtualCpu cpu, HashAlgorithm hash, String commandLine) {
    /// Where RAM begins.
    static final long RAM_BASE = 0x4000_0000L;

    /// Bits of an IPA: the machine's highest address is that of its PCIe window, below 2^40; one more for the shared
    /// half.
    static final int IPA_BITS = 41;

    private static final int MAX_VCPUS = 16;
    private static final int MAX_COMMAND_LINE = 2048;
    private static final long MIB = 1L << 20;
    private static final long MAX_MEMORY = 255L << 30;

    public QemuMachine {
        if (memoryBytes <= 0 || memoryBytes > MAX_MEMORY || memoryBytes % MIB != 0) {
            throw new PlanException.BadMachine(
                    "memory of %d bytes (expected: whole MiB, at most 255 GiB)".formatted(memoryBytes));
        }
        if (vcpus < 1 || vcpus > MAX_VCPUS) {
            throw new PlanException.BadMachine("%d vCPUs (expected: 1 to %d)".formatted(vcpus, MAX_VCPUS));
        }
        if (commandLine.length() > MAX_COMMAND_LINE || commandLine.indexOf('\0') >= 0) {
            throw new PlanException.BadMachine("command line of %d characters (expected: at most %d, no NUL)"
                    .formatted(commandLine.length(), MAX_COMMAND_LINE));
        }
    }

    /// The IPA after the last byte of RAM.
    long ramTop() {
        return RAM_BASE + memoryBytes;
    }

    /// What of this machine goes into RmiRealmParams.
    RealmFeatures features() {
        boolean sve = cpu.sveBits() > 0;
        return new RealmFeatures(
                (sve ? RealmFeatures.FLAG_SVE : 0) | (cpu.pmu() ? RealmFeatures.FLAG_PMU : 0),
                IPA_BITS,
                sve ? cpu.sveBits() / VirtualCpu.SVE_UNIT_BITS - 1 : 0,
                cpu.breakpoints() - 1,
                cpu.watchpoints() - 1,
                cpu.pmuCounters(),
                hash.number());
    }
}
