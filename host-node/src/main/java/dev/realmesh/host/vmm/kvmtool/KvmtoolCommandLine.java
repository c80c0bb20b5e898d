// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.kvmtool;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.host.vmm.arguments.Capability;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.arguments.MeasurementAlgorithm;
import dev.realmesh.host.vmm.arguments.MemorySize;
import dev.realmesh.host.vmm.arguments.Numbers;
import dev.realmesh.host.vmm.arguments.OptionTable;
import dev.realmesh.host.vmm.arguments.OptionTable.Given;
import dev.realmesh.host.vmm.arguments.Property;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The words after `lkvm run`. Options without influence on the measurement are known and passed over.
public final class KvmtoolCommandLine {
    /// What kvmtool itself puts before the user's kernel parameters.
    private static final String OWN_PARAMETERS = " console=hvc0 root=/dev/vda rw ";

    private static final OptionTable OPTIONS = new OptionTable()
            .flags("--balloon", "--rng", "--nodefaults", "--no-dhcp", "--debug", "--debug-single-step")
            .flags("--debug-ioport", "--debug-mmio", "--pmu", "--disable-sve", "--realm", "--measurement-log")
            .flags("--no-pvtime", "--disable-mte", "--force-pci", "--restricted-mem|--restricted_mem")
            .values("--name", "-c|--cpus", "-m|--mem", "--console", "--vsock", "--dev", "--tty", "--hugetlbfs")
            .values("--virtio-transport", "--loglevel", "-k|--kernel", "-i|--initrd", "-p|--params", "-f|--firmware")
            .values("-F|--flash", "--debug-iodelay", "--measurement-algo", "--realm-pv", "--sve-max-vl")
            .values("--pmu-counters", "--vcpu-affinity", "--irqchip", "--firmware-address", "--dtb")
            .repeated("-d|--disk", "--9p", "-n|--network", "--vfio-pci");

    private final Given given;

    private KvmtoolCommandLine(Given given) {
        this.given = given;
    }

    /// The Realm that kvmtool would make.
    ///
    /// @throws PlanException if it is not known, cannot be, or would be refused
    public static PlannedRealm plan(List<String> arguments, HostCapabilities host, BootImages images) {
        KvmtoolCommandLine commandLine = new KvmtoolCommandLine(OPTIONS.parse(arguments));
        BootImages loaded = images.only(commandLine.roles());
        return new PlannedRealm(
                KvmtoolPlan.of(commandLine.machine(host), loaded),
                commandLine.personalizationValue(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    private Set<Role> roles() {
        if (given.has("--flash")) {
            throw new PlanException.BadArguments("--flash (expected: --firmware; no Realm boots from flash)");
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        Role.IMAGES.stream().filter(role -> given.has("--" + role.title())).forEach(roles::add);
        return roles;
    }

    private KvmtoolMachine machine(HostCapabilities host) {
        long vcpus = Numbers.parse("--cpus", required("--cpus"));
        long memory = memory();
        return new KvmtoolMachine(
                memory,
                Math.clamp(vcpus, 0, Integer.MAX_VALUE),
                capabilities(host, memory)
                        .features(MeasurementAlgorithm.parse(
                                given.find("--measurement-algo").orElse("sha256"))),
                OWN_PARAMETERS
                        + given.find("--params")
                                .filter(text -> !text.isEmpty())
                                .map(" "::concat)
                                .orElse(""),
                its(),
                mmioDevices(),
                given.find("--firmware-address")
                        .map(text -> Numbers.parse("--firmware-address", text))
                        .orElse(KvmtoolMachine.RAM_BASE),
                given.has("--measurement-log"));
    }

    /// kvmtool's own default depends on the memory of its host.
    private String required(String option) {
        return given.find(option)
                .orElseThrow(() -> new PlanException.BadArguments(option + " (expected: to be given)"));
    }

    private long memory() {
        String text = required("--mem");
        if (text.indexOf('@') >= 0) {
            throw new PlanException.BadArguments("--mem: %s (expected: RAM where it always is)".formatted(text));
        }
        return MemorySize.parse("--mem", text);
    }

    private HostCapabilities capabilities(HostCapabilities host, long memory) {
        HostCapabilities left = host.atMost(Capability.IPA_BITS, KvmtoolMachine.ipaBits(memory));
        if (given.has("--pmu")) {
            left = left.atMost(Capability.PMU, 1);
        }
        left = lowered(left, Capability.PMU_NUM_CTRS, "--pmu-counters");
        return given.has("--disable-sve")
                ? left.atMost(Capability.SVE_VL, 0)
                : lowered(left, Capability.SVE_VL, "--sve-max-vl");
    }

    private HostCapabilities lowered(HostCapabilities host, Capability capability, String option) {
        Optional<String> value = given.find(option);
        return value.isEmpty() ? host : host.atMost(capability, Numbers.parse(option, value.get()));
    }

    private RealmPersonalizationValue personalizationValue() {
        byte[] value = given.find("--realm-pv").orElse("").getBytes(StandardCharsets.UTF_8);
        if (value.length > RealmPersonalizationValue.SIZE) {
            throw new PlanException.BadArguments("--realm-pv: %d bytes (expected: at most 64)".formatted(value.length));
        }
        return RealmPersonalizationValue.of(value);
    }

    private boolean its() {
        String irqchip = given.find("--irqchip").orElse("gicv3-its");
        return switch (irqchip) {
            case "gicv3-its" -> true;
            case "gicv3" -> false;
            default ->
                throw new PlanException.BadArguments("--irqchip: %s (expected: gicv3 or gicv3-its)".formatted(irqchip));
        };
    }

    private int mmioDevices() {
        String transport = given.find("--virtio-transport").orElse("pci");
        int devices = (int) List.of("--balloon", "--rng", "--vsock").stream()
                        .filter(given::has)
                        .count()
                + given.all("--9p").size()
                + given.all("--disk").size()
                + (given.find("--console").filter("virtio"::equals).isPresent() ? 1 : 0)
                + networkDevices(transport);
        return switch (transport) {
            case "pci" -> 0;
            case "mmio" -> devices;
            default ->
                throw new PlanException.BadArguments(
                        "--virtio-transport: %s (expected: pci or mmio)".formatted(transport));
        };
    }

    /// There is one without being asked for, until `mode=none`.
    private int networkDevices(String transport) {
        int devices = 1;
        for (String network : given.all("--network")) {
            for (Property property : Property.valued("--network", network)) {
                String value = property.requireValue("--network");
                if (property.name().equals("mode")) {
                    devices = value.equals("none") ? 0 : devices + 1;
                } else if (property.name().equals("trans") && !value.equals(transport)) {
                    throw new PlanException.BadArguments(
                            "--network: trans=%s (expected: %s, as --virtio-transport)".formatted(value, transport));
                }
            }
        }
        return devices;
    }
}
