// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.cloudhypervisor.CloudHypervisorCommandLine;
import dev.realmesh.host.vmm.kvmtool.KvmtoolCommandLine;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import dev.realmesh.host.vmm.qemu.QemuCommandLine;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The monitors whose Realms can be laid out.
public enum VirtualMachineMonitor {
    KVMTOOL("kvmtool"),
    QEMU("qemu"),
    CLOUD_HYPERVISOR("cloud-hv");

    private final String commandName;

    VirtualMachineMonitor(String commandName) {
        this.commandName = commandName;
    }

    /// The name by which `realm-measurements` calls it.
    public String commandName() {
        return commandName;
    }

    /// The monitor of a name.
    ///
    /// @throws PlanException.BadArguments if there is none
    public static VirtualMachineMonitor named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.commandName.equals(name))
                .findFirst()
                .orElseThrow(() -> new PlanException.BadArguments("%s (expected: one of %s)"
                        .formatted(
                                name,
                                Arrays.stream(values())
                                        .map(VirtualMachineMonitor::commandName)
                                        .collect(Collectors.joining(", ")))));
    }

    /// The Realm that this monitor would make.
    ///
    /// @param arguments its command line, without its own name; the names of images in it are not looked at
    /// @param host what a Realm may have at most
    /// @param images what it loads where its command line says so
    /// @throws PlanException if the Realm is not known, cannot be, or would be refused
    public PlannedRealm plan(List<String> arguments, HostCapabilities host, BootImages images) {
        return switch (this) {
            case KVMTOOL -> KvmtoolCommandLine.plan(arguments, host, images);
            case QEMU -> QemuCommandLine.plan(arguments, host, images);
            case CLOUD_HYPERVISOR -> CloudHypervisorCommandLine.plan(arguments, host, images);
        };
    }
}
