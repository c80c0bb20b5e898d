// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.host.vmm.arguments.Numbers;
import dev.realmesh.host.vmm.arguments.Property;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `-smp` says: how many processors there are, in sockets, clusters, cores and threads. What it leaves open is
/// taken as cores first, then sockets, then threads, as QEMU does. Several `-smp` add up.
final class Topology {
    private static final long MOST = 1 << 20;

    private final Map<String, Long> given = new HashMap<>();

    /// Takes the value of one `-smp`; tells the properties that it passed over.
    List<Property> add(String list) {
        List<Property> properties = Property.list(list);
        for (Property property : properties) {
            if (property.value().isEmpty()) {
                given.put("cpus", number(property.name()));
            } else if (isKnown(property)) {
                given.put(property.name(), number(property.requireValue("-smp")));
            }
        }
        return properties.stream()
                .filter(property -> property.value().isPresent() && !isKnown(property))
                .toList();
    }

    private static boolean isKnown(Property property) {
        return switch (property.name()) {
            case "cpus", "maxcpus", "sockets", "clusters", "cores", "threads" -> true;
            default -> false;
        };
    }

    private static long number(String text) {
        long number = Numbers.parse("-smp", text);
        if (number < 1 || number > MOST) {
            throw new PlanException.BadArguments("-smp: %s (expected: 1 and more)".formatted(text));
        }
        return number;
    }

    /// How many processors there are.
    ///
    /// @throws PlanException.BadArguments if some are to be plugged in later, or there would be none
    int processors() {
        long cpus = given.getOrDefault("maxcpus", given.getOrDefault("cpus", 0L));
        if (given.getOrDefault("cpus", cpus) != cpus) {
            throw new PlanException.BadArguments("-smp: fewer cpus than maxcpus (expected: as many)");
        }
        long sockets = given.getOrDefault("sockets", 1L);
        long clusters = given.getOrDefault("clusters", 1L);
        long cores = given.getOrDefault("cores", 1L);
        long threads = given.getOrDefault("threads", 1L);
        if (cpus > 0) {
            cores = given.containsKey("cores") ? cores : cpus / (sockets * clusters * threads);
            requireSome(cores);
            sockets = given.containsKey("sockets") ? sockets : cpus / (clusters * cores * threads);
            requireSome(sockets);
            threads = given.containsKey("threads") ? threads : cpus / (sockets * clusters * cores);
            requireSome(threads);
        }
        return (int) Math.clamp(saturated(saturated(sockets, clusters), saturated(cores, threads)), 0, MOST);
    }

    private static long saturated(long left, long right) {
        return Math.min(left * right, MOST);
    }

    private static void requireSome(long number) {
        if (number == 0) {
            throw new PlanException.BadArguments("-smp: fewer cpus than sockets, clusters, cores or threads of them");
        }
    }
}
