// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.vmm.arguments.Capability;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.arguments.MeasurementAlgorithm;
import dev.realmesh.host.vmm.arguments.MemorySize;
import dev.realmesh.host.vmm.arguments.Numbers;
import dev.realmesh.host.vmm.arguments.PersonalizationValue;
import dev.realmesh.host.vmm.arguments.Property;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The words after `qemu-system-aarch64`, read from left to right. What QEMU would refuse is mostly passed over; what
/// may change the measurement and is not understood becomes a warning.
public final class QemuCommandLine {
    private static final long DEFAULT_MEMORY = 128L << 20;
    private static final String DEFAULT_CPU = "host";

    private final Deque<String> words;
    private final Set<Role> roles = EnumSet.noneOf(Role.class);
    private final List<String> warnings = new ArrayList<>();
    private final Topology topology = new Topology();
    private HostCapabilities capabilities;
    private HashAlgorithm algorithm = HashAlgorithm.SHA_512;
    private RealmPersonalizationValue personalizationValue = RealmPersonalizationValue.NONE;
    private Optional<String> bootArguments = Optional.empty();
    private long memoryBytes = DEFAULT_MEMORY;
    private OptionalLong maxMemoryBytes = OptionalLong.empty();
    private int memorySlots;
    private boolean its = true;
    private boolean eventLog;

    private QemuCommandLine(List<String> arguments, HostCapabilities host) {
        this.words = new ArrayDeque<>(arguments);
        this.capabilities = host;
    }

    /// The Realm that QEMU would make.
    ///
    /// @throws PlanException if it is not known, cannot be, or would be refused
    public static PlannedRealm plan(List<String> arguments, HostCapabilities host, BootImages images) {
        QemuCommandLine commandLine = new QemuCommandLine(arguments, host);
        commandLine.read();
        BootImages loaded = images.only(commandLine.roles);
        return new PlannedRealm(
                QemuPlan.of(commandLine.machine(), loaded),
                commandLine.personalizationValue,
                QemuPlan.extensions(loaded),
                QemuPlan.firmwareConfig(loaded, commandLine.bootArguments.orElse("")),
                commandLine.warnings);
    }

    private QemuMachine machine() {
        QemuMemoryMap memory = new QemuMemoryMap(memoryBytes, maxMemoryBytes.orElse(memoryBytes), memorySlots);
        return new QemuMachine(
                memory,
                topology.processors(),
                capabilities.atMost(Capability.IPA_BITS, memory.ipaBits()).features(algorithm),
                bootArguments,
                its,
                eventLog);
    }

    private void read() {
        while (!words.isEmpty()) {
            String word = words.pop();
            int equals = word.indexOf('=');
            if (equals >= 0) {
                words.push(word.substring(equals + 1));
            }
            read(equals < 0 ? word : word.substring(0, equals));
        }
    }

    private void read(String option) {
        switch (option) {
            case "-m" -> memory(value(option));
            case "-smp" -> passOver(option, topology.add(value(option)));
            case "-object" -> object(value(option));
            case "-append" -> bootArguments = Optional.of(value(option));
            case "-machine", "-M" -> machine(value(option));
            case "-cpu" -> cpu(value(option));
            case "-device" -> device(value(option));
            case "-kernel" -> load(option, Role.KERNEL);
            case "-initrd" -> load(option, Role.INITRD);
            case "-bios" -> load(option, Role.FIRMWARE);
            case "-dtb", "-drive", "-fsdev", "-chardev", "-netdev", "-mon" -> value(option);
            case "-enable-kvm", "-nographic", "-nodefaults" -> {}
            default -> warnings.add(option + ": not known, passed over");
        }
    }

    private String value(String option) {
        if (words.isEmpty()) {
            throw new PlanException.BadArguments(option + " has no value (expected: one)");
        }
        return words.pop();
    }

    private void load(String option, Role role) {
        value(option);
        roles.add(role);
    }

    private void passOver(String option, List<Property> properties) {
        properties.forEach(property -> warnings.add(option + ": " + property.name() + ": not known, passed over"));
    }

    private void memory(String list) {
        for (Property property : Property.list(list)) {
            String value = property.value().orElse(property.name());
            switch (property.value().isPresent() ? property.name() : "size") {
                case "size" -> memoryBytes = MemorySize.parse("-m", value);
                case "maxmem" -> maxMemoryBytes = OptionalLong.of(MemorySize.parse("-m", value));
                case "slots" -> memorySlots = Math.clamp(Numbers.parse("-m", value), 0, Integer.MAX_VALUE);
                default -> throw unsupported("-m", property);
            }
        }
    }

    private static PlanException unsupported(String option, Property property) {
        return new PlanException.BadArguments(
                "%s: %s (expected: what Realms can be measured with)".formatted(option, property.name()));
    }

    private void object(String list) {
        List<Property> properties = Property.list(list);
        if (!properties.getFirst().name().equals("rme-guest")) {
            passOver("-object", properties.subList(0, 1));
            return;
        }
        for (Property property : properties.subList(1, properties.size())) {
            String value = property.requireValue("-object");
            switch (property.name()) {
                case "measurement-algorithm" -> algorithm = MeasurementAlgorithm.parse(value);
                case "personalization-value" ->
                    personalizationValue = PersonalizationValue.ofBase64("personalization-value", value);
                case "measurement-log" -> eventLog = onOff("-object", value, eventLog);
                case "id" -> {}
                default -> throw unsupported("-object rme-guest", property);
            }
        }
    }

    private static boolean onOff(String option, String value, boolean otherwise) {
        return switch (value) {
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            case "auto" -> otherwise;
            default ->
                throw new PlanException.BadArguments("%s: %s (expected: on, off or auto)".formatted(option, value));
        };
    }

    /// ACPI tables would come by fw_cfg, so whether there are any does not count.
    private void machine(String list) {
        for (Property property : Property.list(list)) {
            if (property.value().isEmpty() && property.name().equals("virt")) {
                continue;
            }
            String value = property.requireValue("-machine");
            switch (property.name()) {
                case "gic-version" -> requireGic3(value);
                case "its" -> its = onOff("-machine", value, its);
                case "acpi" -> onOff("-machine", value, false);
                case "highmem" -> throw unsupported("-machine", property);
                case "confidential-guest-support" -> {}
                default -> passOver("-machine", List.of(property));
            }
        }
    }

    /// A Realm has no other, so the best one and that of the host are this.
    private static void requireGic3(String version) {
        switch (version) {
            case "3", "host", "max" -> {}
            default ->
                throw new PlanException.BadArguments("gic-version: %s (expected: 3, host or max)".formatted(version));
        }
    }

    private void cpu(String list) {
        VectorLengths vectors = new VectorLengths(capabilities.find(Capability.SVE_VL));
        for (Property property : Property.list(list)) {
            if (property.value().isEmpty() && property.name().equals(DEFAULT_CPU)) {
                continue;
            }
            if (property.value().isEmpty()) {
                throw new PlanException.BadArguments("-cpu: %s (expected: host)".formatted(property.name()));
            }
            String value = property.requireValue("-cpu");
            switch (property.name()) {
                case "num-breakpoints" -> lower(Capability.NUM_BPS, value);
                case "num-watchpoints" -> lower(Capability.NUM_WPS, value);
                case "num-pmu-counters" -> lower(Capability.PMU_NUM_CTRS, value);
                case "pmu" -> performanceMonitors(value);
                default -> {
                    if (!vectors.take(property.name(), value)) {
                        passOver("-cpu", List.of(property));
                    }
                }
            }
        }
        vectors.bits().ifPresent(bits -> capabilities = capabilities.atMost(Capability.SVE_VL, bits));
    }

    private void lower(Capability capability, String value) {
        capabilities = capabilities.atMost(capability, Numbers.parse("-cpu", value));
    }

    private void performanceMonitors(String value) {
        boolean on = onOff("-cpu", value, capabilities.has(Capability.PMU));
        capabilities = capabilities.atMost(Capability.PMU, on ? 1 : 0);
    }

    /// Devices on the PCI bus change nothing in the device tree, so nothing in the measurement.
    private void device(String list) {
        String type = Property.list(list).getFirst().name();
        switch (type) {
            case "virtconsole",
                    "virtio-blk-pci",
                    "virtio-serial-pci",
                    "virtio-net-pci",
                    "virtio-9p-pci",
                    "virtio-fs-pci" -> {}
            default -> warnings.add("-device " + type + ": not known, passed over");
        }
    }
}
