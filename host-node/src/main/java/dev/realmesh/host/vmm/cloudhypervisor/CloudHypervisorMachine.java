// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.cloudhypervisor;

import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.Optional;

/// Cloud Hypervisor's machine as a Realm (`--platform arm_rme=on`), as far as its measurement depends on it.
///
/// @param memoryBytes RAM, whole pages
/// @param vcpus virtual processors, 1 to 255
/// @param features what goes into RmiRealmParams
/// @param bootArguments kernel command line, if there is one
/// @param serial whether there is a serial port
public record CloudHypervisorMachine(
        long memoryBytes, int vcpus, RealmFeatures features, Optional<String> bootArguments, boolean serial) {
    /// Where RAM begins.
    static final long RAM_BASE = 0x4000_0000L;

    /// Bits of an IPA.
    static final int IPA_BITS = 48;

    private static final int MAX_VCPUS = 255;
    private static final long MAX_MEMORY = 1L << 46;

    public CloudHypervisorMachine {
        if (memoryBytes <= 0 || memoryBytes % BootPlan.PAGE != 0 || memoryBytes > MAX_MEMORY) {
            throw new PlanException.BadMachine(
                    "memory of %d bytes (expected: whole pages, at most 64 TiB)".formatted(memoryBytes));
        }
        if (vcpus < 1 || vcpus > MAX_VCPUS) {
            throw new PlanException.BadMachine("%d vCPUs (expected: 1 to %d)".formatted(vcpus, MAX_VCPUS));
        }
        bootArguments.filter(arguments -> arguments.indexOf('\0') >= 0).ifPresent(arguments -> {
            throw new PlanException.BadMachine("command line with a NUL (expected: none)");
        });
    }

    Range ram() {
        return new Range(RAM_BASE, RAM_BASE + memoryBytes);
    }
}
