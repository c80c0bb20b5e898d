// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.cloudhypervisor;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.vmm.arguments.Capability;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.arguments.MeasurementAlgorithm;
import dev.realmesh.host.vmm.arguments.MemorySize;
import dev.realmesh.host.vmm.arguments.Numbers;
import dev.realmesh.host.vmm.arguments.OptionTable;
import dev.realmesh.host.vmm.arguments.OptionTable.Given;
import dev.realmesh.host.vmm.arguments.PersonalizationValue;
import dev.realmesh.host.vmm.arguments.Property;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The words after `cloud-hypervisor`. Options without influence on the measurement are known and passed over.
public final class CloudHypervisorCommandLine {
    private static final long DEFAULT_MEMORY = 512L << 20;

    private static final OptionTable OPTIONS = new OptionTable()
            .flags("--pvpanic", "--watchdog")
            .counts("-v")
            .values("--cpus", "--platform", "--memory", "--firmware", "--kernel", "--initramfs", "--cmdline", "--rng")
            .values("--balloon", "--serial", "--console", "--vsock", "--log-file", "--api-socket", "--event-monitor")
            .values("--restore", "--seccomp", "--tpm", "--dtb")
            .repeated("--memory-zone", "--rate-limit-group", "--disk", "--net", "--fs", "--pmem", "--device")
            .repeated("--user-device", "--vdpa", "--numa", "--pci-segment");

    private final Given given;
    private final List<String> warnings = new ArrayList<>();
    private HashAlgorithm algorithm = HashAlgorithm.SHA_512;
    private RealmPersonalizationValue personalizationValue = RealmPersonalizationValue.NONE;
    private long vcpus = 1;
    private long memoryBytes = DEFAULT_MEMORY;

    private CloudHypervisorCommandLine(Given given) {
        this.given = given;
    }

    /// The Realm that Cloud Hypervisor would make.
    ///
    /// @throws PlanException if it is not known, cannot be, or would be refused
    public static PlannedRealm plan(List<String> arguments, HostCapabilities host, BootImages images) {
        CloudHypervisorCommandLine commandLine = new CloudHypervisorCommandLine(OPTIONS.parse(arguments));
        commandLine.read();
        return new PlannedRealm(
                CloudHypervisorPlan.of(commandLine.machine(host), images.only(commandLine.roles())),
                commandLine.personalizationValue,
                List.of(),
                Optional.empty(),
                commandLine.warnings);
    }

    private void read() {
        given.find("--platform").ifPresent(this::platform);
        for (Property property : properties("--cpus")) {
            if (property.name().equals("boot")) {
                vcpus = Numbers.parse("--cpus", property.requireValue("--cpus"));
            } else {
                passOver("--cpus", property);
            }
        }
        for (Property property : properties("--memory")) {
            if (property.name().equals("size")) {
                memoryBytes = MemorySize.parse("--memory", property.requireValue("--memory"));
            } else {
                passOver("--memory", property);
            }
        }
    }

    private List<Property> properties(String option) {
        return given.find(option).map(list -> Property.valued(option, list)).orElse(List.of());
    }

    private void passOver(String option, Property property) {
        warnings.add(option + ": " + property.name() + ": not known, passed over");
    }

    private void platform(String list) {
        for (Property property : Property.valued("--platform", list)) {
            String value = property.requireValue("--platform");
            switch (property.name()) {
                case "personalization_value" ->
                    personalizationValue = PersonalizationValue.ofBase64("personalization_value", value);
                case "measurement_algo" -> algorithm = MeasurementAlgorithm.parse(value);
                default -> {}
            }
        }
    }

    private Set<Role> roles() {
        if (given.has("--firmware")) {
            throw new PlanException.BadArguments(
                    "--firmware (expected: --kernel; Cloud Hypervisor boots Realms directly)");
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (given.has("--kernel")) {
            roles.add(Role.KERNEL);
        }
        if (given.has("--initramfs")) {
            roles.add(Role.INITRD);
        }
        return roles;
    }

    private CloudHypervisorMachine machine(HostCapabilities host) {
        return new CloudHypervisorMachine(
                memoryBytes,
                Math.clamp(vcpus, 0, Integer.MAX_VALUE),
                host.atMost(Capability.IPA_BITS, CloudHypervisorMachine.IPA_BITS)
                        .features(algorithm),
                given.find("--cmdline"),
                given.find("--serial").filter("off"::equals).isEmpty());
    }
}
