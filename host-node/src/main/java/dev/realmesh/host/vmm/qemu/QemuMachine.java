// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import java.util.Optional;

/// QEMU's `virt` machine as a Realm (`-M virt,gic-version=3,acpi=off,confidential-guest-support=rme0`), as far as its
/// measurement depends on it.
///
/// @param memory RAM, and what moves with it
/// @param vcpus virtual processors, 1 to 512
/// @param features what goes into RmiRealmParams
/// @param bootArguments kernel command line, at most 2048 characters, if there is one
/// @param its whether the interrupt controller translates messages
/// @param eventLog whether the machine tells the guest what it was built of
public record QemuMachine(
        QemuMemoryMap memory,
        int vcpus,
        RealmFeatures features,
        Optional<String> bootArguments,
        boolean its,
        boolean eventLog) {
    private static final int MAX_VCPUS = 512;
    private static final int MAX_COMMAND_LINE = 2048;

    public QemuMachine {
        if (vcpus < 1 || vcpus > MAX_VCPUS) {
            throw new PlanException.BadMachine("%d vCPUs (expected: 1 to %d)".formatted(vcpus, MAX_VCPUS));
        }
        bootArguments
                .filter(arguments -> arguments.length() > MAX_COMMAND_LINE || arguments.indexOf('\0') >= 0)
                .ifPresent(arguments -> {
                    throw new PlanException.BadMachine("command line of %d characters (expected: at most %d, no NUL)"
                            .formatted(arguments.length(), MAX_COMMAND_LINE));
                });
    }

    /// A machine with all its IPA bits, an ITS and no log.
    ///
    /// @param memoryBytes RAM, whole pages
    /// @param commandLine kernel command line; empty: none
    public QemuMachine(long memoryBytes, int vcpus, VirtualCpu cpu, HashAlgorithm hash, String commandLine) {
        this(
                QemuMemoryMap.of(memoryBytes),
                vcpus,
                cpu.features(QemuMemoryMap.of(memoryBytes).ipaBits(), hash),
                Optional.of(commandLine).filter(line -> !line.isEmpty()),
                true,
                false);
    }

    boolean hasPmu() {
        return features.has(RealmFeatures.FLAG_PMU);
    }
}
