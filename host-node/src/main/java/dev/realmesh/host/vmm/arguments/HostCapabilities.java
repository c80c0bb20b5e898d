// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Upper bounds of what a Realm may have: of the hardware, then of the firmware, the hypervisor and the RMM, each of
/// which can only lower what came before. What the command line of a monitor asks for lowers them further, and what is
/// left is what is measured. Immutable; what nobody bounded is not there.
public final class HostCapabilities {
    /// Nothing is bounded.
    public static final HostCapabilities NONE = new HostCapabilities(new EnumMap<>(Capability.class));

    /// Well-known hosts, as `realm-measurements` ships them.
    private static final Map<String, HostCapabilities> BUILT_IN = Map.of(
            "qemu-max-8.2",
            of(Map.of(
                    Capability.IPA_BITS, 52,
                    Capability.NUM_BPS, 6,
                    Capability.NUM_WPS, 4,
                    Capability.PMU_NUM_CTRS, 6,
                    Capability.SVE_VL, 2048,
                    Capability.PMU, 1,
                    Capability.LPA2, 1)),
            "fvp",
            of(Map.of(
                    Capability.IPA_BITS, 52,
                    Capability.NUM_BPS, 16,
                    Capability.NUM_WPS, 16,
                    Capability.PMU_NUM_CTRS, 8,
                    Capability.SVE_VL, 512,
                    Capability.PMU, 1,
                    Capability.LPA2, 1)),
            "kvm",
            of(Map.of(Capability.LPA2, 0)),
            "rmm-1.0-eac5",
            of(Map.of(Capability.NUM_BPS, 2, Capability.NUM_WPS, 2, Capability.LPA2, 0)));

    private final Map<Capability, Integer> bounds;

    private HostCapabilities(Map<Capability, Integer> bounds) {
        this.bounds = bounds;
    }

    private static HostCapabilities of(Map<Capability, Integer> bounds) {
        return new HostCapabilities(new EnumMap<>(bounds));
    }

    /// The host of a built-in name, or of a file in the format of `realm-measurements` (TOML, one capability a line).
    ///
    /// @throws PlanException.BadCapabilities if there is no such host, or the file is none of these
    public static HostCapabilities named(String nameOrFile) {
        HostCapabilities builtIn = BUILT_IN.get(nameOrFile);
        if (builtIn != null) {
            return builtIn;
        }
        Path file = Path.of(nameOrFile);
        try {
            return parse(nameOrFile, Files.readString(file));
        } catch (IOException e) {
            throw new PlanException.BadCapabilities(
                    nameOrFile + ": cannot be read (expected: a file, or one of " + String.join(", ", names()) + ")");
        }
    }

    /// The built-in names.
    public static List<String> names() {
        return BUILT_IN.keySet().stream().sorted().toList();
    }

    static HostCapabilities parse(String name, String toml) {
        JsonNode tree;
        try {
            tree = new TomlMapper().readTree(toml);
        } catch (JacksonException e) {
            throw new PlanException.BadCapabilities(name + ": " + e.getOriginalMessage() + " (expected: TOML)");
        }
        HostCapabilities read = NONE;
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            Capability capability = Capability.ofKey(entry.getKey())
                    .orElseThrow(() -> new PlanException.BadCapabilities(
                            name + ": " + entry.getKey() + " (expected: a capability of realm-measurements)"));
            read = read.with(capability, number(name, capability, entry.getValue()));
        }
        return read;
    }

    private static long number(String name, Capability capability, JsonNode value) {
        if (capability.isSwitch() ? !value.isBoolean() : !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new PlanException.BadCapabilities("%s: %s = %s (expected: %s)"
                    .formatted(name, capability.key(), value, capability.isSwitch() ? "true or false" : "a number"));
        }
        return value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.longValue();
    }

    /// These, but with this bound, whatever it was.
    ///
    /// @throws PlanException.BadMachine if it cannot be so much
    public HostCapabilities with(Capability capability, long value) {
        Map<Capability, Integer> changed = new EnumMap<>(bounds);
        changed.put(capability, capability.checked(value));
        return new HostCapabilities(changed);
    }

    /// These, but with at most so much.
    ///
    /// @throws PlanException.BadMachine if it cannot be so much
    public HostCapabilities atMost(Capability capability, long value) {
        int checked = capability.checked(value);
        return with(capability, Math.min(checked, find(capability).orElse(checked)));
    }

    /// These, lowered to what `other` bounds.
    public HostCapabilities atMost(HostCapabilities other) {
        HostCapabilities lowered = this;
        for (Map.Entry<Capability, Integer> bound : other.bounds.entrySet()) {
            lowered = lowered.atMost(bound.getKey(), bound.getValue());
        }
        return lowered;
    }

    /// The bound, if there is one.
    public OptionalInt find(Capability capability) {
        Integer bound = bounds.get(capability);
        return bound == null ? OptionalInt.empty() : OptionalInt.of(bound);
    }

    /// Whether it is on.
    public boolean has(Capability capability) {
        return find(capability).orElse(0) != 0;
    }

    /// The parameters of a Realm that has all of these.
    ///
    /// @throws PlanException.BadMachine if one that always counts is not bounded
    public RealmFeatures features(HashAlgorithm hash) {
        boolean pmu = has(Capability.PMU);
        VirtualCpu cpu = new VirtualCpu(
                require(Capability.NUM_BPS),
                require(Capability.NUM_WPS),
                find(Capability.SVE_VL).orElse(0),
                pmu,
                pmu ? require(Capability.PMU_NUM_CTRS) : 0);
        RealmFeatures features = cpu.features(require(Capability.IPA_BITS), hash);
        return has(Capability.LPA2) ? features.with(RealmFeatures.FLAG_LPA2) : features;
    }

    private int require(Capability capability) {
        return find(capability)
                .orElseThrow(() ->
                        new PlanException.BadMachine("%s is not known (expected: --%s, or a host that bounds it by -c)"
                                .formatted(capability.key(), capability.key().replace('_', '-'))));
    }

    @Override
    public String toString() {
        return bounds.toString();
    }
}
