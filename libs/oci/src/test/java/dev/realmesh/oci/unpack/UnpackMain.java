// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.stream.Stream;

/// `UnpackMain ROOTFS LAYER…`: unpacks an image of these layers with a Realm's limits, and prints what came of it and
/// how
/// much of the heap was in use at most.
final class UnpackMain {
    private UnpackMain() {}

    public static void main(String[] args) throws IOException {
        System.out.println(unpack(args));
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed() >> 20)
                .sum();
        System.out.println("heap: " + peak + " MiB at most");
    }

    private static String unpack(String... args) throws IOException {
        try {
            return LayerArchive.unpack(Stream.of(args).skip(1).map(Path::of).toList(), Path.of(args[0]))
                    .toString();
        } catch (OciException refusal) {
            return refusal.getClass().getSimpleName() + ": " + refusal.getMessage();
        }
    }
}
