// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.kvmtool;

import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import dev.realmesh.host.vmm.plan.PlanException;

/// kvmtool's machine as a Realm, as far as its measurement depends on it.
///
/// @param memoryBytes RAM, a multiple of 2 MiB
/// @param vcpus virtual processors, 1 to 512
/// @param features what goes into RmiRealmParams
/// @param bootArguments kernel command line, with what kvmtool puts before the user's
/// @param its whether the interrupt controller translates messages
/// @param mmioDevices virtio devices that are not on the PCI bus
/// @param firmwareBase where firmware is loaded
/// @param eventLog whether the machine tells the guest what it was built of
public record KvmtoolMachine(
        long memoryBytes,
        int vcpus,
        RealmFeatures features,
        String bootArguments,
        boolean its,
        int mmioDevices,
        long firmwareBase,
        boolean eventLog) {
    /// Where RAM begins.
    public static final long RAM_BASE = 0x8000_0000L;

    private static final long MEMORY_UNIT = 2L << 20;
    private static final long MAX_MEMORY = 1L << 50;
    private static final int MAX_VCPUS = 512;

    /// Fewest bits of an IPA that kvmtool gives a Realm.
    private static final int MIN_IPA_BITS = 33;

    public KvmtoolMachine {
        requireMemory(memoryBytes);
        if (vcpus < 1 || vcpus > MAX_VCPUS) {
            throw new PlanException.BadMachine("%d vCPUs (expected: 1 to %d)".formatted(vcpus, MAX_VCPUS));
        }
        if (bootArguments.indexOf('\0') >= 0) {
            throw new PlanException.BadMachine("command line with a NUL (expected: none)");
        }
    }

    private static void requireMemory(long bytes) {
        if (bytes <= 0 || bytes % MEMORY_UNIT != 0 || bytes > MAX_MEMORY) {
            throw new PlanException.BadMachine(
                    "memory of %d bytes (expected: whole 2 MiB, at most 1 PiB)".formatted(bytes));
        }
    }

    /// Bits of an IPA of a machine with so much memory, as `realm-measurements` counts them: one fewer than kvmtool
    /// asks
    /// for where RAM ends above 4 GiB. An RMM refuses those, and so does the plan.
    static int ipaBits(long memoryBytes) {
        requireMemory(memoryBytes);
        return Math.max(Long.SIZE - Long.numberOfLeadingZeros(RAM_BASE + memoryBytes - 1), MIN_IPA_BITS);
    }

    Range ram() {
        return new Range(RAM_BASE, RAM_BASE + memoryBytes);
    }

    boolean hasPmu() {
        return features.has(RealmFeatures.FLAG_PMU);
    }
}
