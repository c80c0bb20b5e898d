// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cli.measure.Measurement.Created;
import dev.realmesh.cli.measure.Measurement.Loaded;
import dev.realmesh.cli.measure.Measurement.Operation;
import dev.realmesh.cli.measure.Measurement.RamInitialized;
import dev.realmesh.cli.measure.Measurement.RecCreated;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why two Realms have different RIMs: what differs between the operations that built them, in the order in which it
/// counts. What comes first is the cause; what follows may be its consequence.
final class MeasurementDifference {
    private final List<Difference> found = new ArrayList<>();

    private MeasurementDifference() {}

    /// One thing that differs.
    ///
    /// @param where what it is
    /// @param first what it is in the first Realm
    /// @param second what it is in the second
    record Difference(String where, String first, String second) {
        /// The same seen from the other Realm.
        Difference swapped() {
            return new Difference(where, second, first);
        }
    }

    /// Everything that differs between the operations of two measurements, which both must have some.
    static List<Difference> between(Measurement first, Measurement second) {
        MeasurementDifference difference = new MeasurementDifference();
        Map<String, Operation> left = named(first);
        Map<String, Operation> right = named(second);
        Set<String> names = new LinkedHashSet<>(left.keySet());
        names.addAll(right.keySet());
        for (String name : names) {
            Operation a = left.get(name);
            Operation b = right.get(name);
            if (a == null || b == null) {
                difference.add(name, described(a), described(b));
            } else {
                difference.compare(name, a, b);
            }
        }
        difference.compareOrder(left, right);
        return difference.found;
    }

    private static Map<String, Operation> named(Measurement measurement) {
        Map<String, Operation> operations = new LinkedHashMap<>();
        measurement.operations().forEach(operation -> operations.put(name(operation), operation));
        return operations;
    }

    private static String name(Operation operation) {
        return switch (operation) {
            case Created ignored -> "REALM_CREATE";
            case RamInitialized ignored -> "INIT_RIPAS";
            case Loaded loaded -> loaded.name();
            case RecCreated ignored -> "REC_CREATE";
        };
    }

    private static String described(@Nullable Operation operation) {
        return switch (operation) {
            case null -> "not there";
            case Loaded loaded -> "%d bytes at 0x%x".formatted(loaded.size(), loaded.address());
            default -> "there";
        };
    }

    private void compare(String name, Operation a, Operation b) {
        if (a instanceof Created left && b instanceof Created right) {
            compare(left.features(), right.features());
        } else if (a instanceof RamInitialized left && b instanceof RamInitialized right) {
            addresses(name + " base", left.base(), right.base());
            addresses(name + " top", left.top(), right.top());
        } else if (a instanceof Loaded left && b instanceof Loaded right) {
            compare(left, right);
        } else if (a instanceof RecCreated left && b instanceof RecCreated right) {
            addresses(name + " pc", left.pc(), right.pc());
            for (int i = 0;
                    i < Math.min(left.registers().size(), right.registers().size());
                    i++) {
                addresses(
                        name + " x" + i,
                        left.registers().get(i),
                        right.registers().get(i));
            }
        }
    }

    private void compare(RealmFeatures a, RealmFeatures b) {
        for (Flag flag : Flag.values()) {
            numbers("flags " + flag, a.has(flag.bit) ? 1 : 0, b.has(flag.bit) ? 1 : 0);
        }
        numbers("s2sz", a.s2sz(), b.s2sz());
        numbers("sve_vl", a.sveVl(), b.sveVl());
        numbers("num_bps", a.numBps(), b.numBps());
        numbers("num_wps", a.numWps(), b.numWps());
        numbers("pmu_num_ctrs", a.pmuNumCtrs(), b.pmuNumCtrs());
        numbers("hash_algo", a.hashAlgo(), b.hashAlgo());
    }

    private enum Flag {
        LPA2(RealmFeatures.FLAG_LPA2),
        SVE(RealmFeatures.FLAG_SVE),
        PMU(RealmFeatures.FLAG_PMU);

        private final long bit;

        Flag(long bit) {
            this.bit = bit;
        }
    }

    private void compare(Loaded a, Loaded b) {
        addresses(a.name() + " address", a.address(), b.address());
        if (!a.content().isEmpty() && !b.content().isEmpty()) {
            found.addAll(DeviceTreeDifference.between(a.name(), a.content(), b.content()));
            return;
        }
        if (a.size() != b.size()) {
            add(a.name() + " size", a.size() + " bytes", b.size() + " bytes");
        }
        PageDifference.between(a, b).ifPresent(found::add);
    }

    /// Addresses tell why the order differs, but not that it does.
    private void compareOrder(Map<String, Operation> left, Map<String, Operation> right) {
        List<String> a = left.keySet().stream().filter(right::containsKey).toList();
        List<String> b = right.keySet().stream().filter(left::containsKey).toList();
        if (!a.equals(b)) {
            add("order", String.join(", ", a), String.join(", ", b));
        }
    }

    private void numbers(String field, long a, long b) {
        if (a != b) {
            add("REALM_CREATE " + field, Long.toString(a), Long.toString(b));
        }
    }

    private void addresses(String where, long a, long b) {
        if (a != b) {
            add(where, "0x" + Long.toHexString(a), "0x" + Long.toHexString(b));
        }
    }

    private void add(String where, String first, String second) {
        found.add(new Difference(where, first, second));
    }
}
