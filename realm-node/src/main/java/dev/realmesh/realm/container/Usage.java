// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the processes of a container use now, by proc(5): a Realm has no control groups that would tell.
///
/// @param processes how many there are
/// @param processorTime of those, and of the ended ones that they have waited for
/// @param memoryBytes what they have in memory, with their shares of what they share
public record Usage(int processes, Duration processorTime, long memoryBytes) {
    static final Usage NOTHING = new Usage(0, Duration.ZERO, 0);

    private static final Path PROC = Path.of("/proc");
    private static final int TICK_MILLIS = 10;
    private static final int UTIME = 11;
    private static final int CSTIME = 14;

    /// Adds up the processes that are in the pid namespace of one. Those that end meanwhile are left out.
    static Usage ofNamespaceOf(long process) {
        List<Path> processes = inNamespaceOf(PROC.resolve(Long.toString(process)));
        Duration time = Duration.ZERO;
        long bytes = 0;
        for (Path each : processes) {
            time = time.plusMillis(ticks(each) * TICK_MILLIS);
            bytes += memory(each);
        }
        return new Usage(processes.size(), time, bytes);
    }

    private static List<Path> inNamespaceOf(Path process) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            Path namespace = namespace(process);
            for (Path each : all) {
                if (isIn(namespace, each)) {
                    found.add(each);
                }
            }
        } catch (IOException ended) {
            return List.of();
        }
        return found;
    }

    private static boolean isIn(Path namespace, Path process) {
        try {
            return namespace(process).equals(namespace);
        } catch (IOException ended) {
            return false;
        }
    }

    private static Path namespace(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/pid"));
    }

    /// utime, stime, cutime and cstime of proc_pid_stat(5), whose second field is a name and may have spaces.
    private static long ticks(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = UTIME; field <= CSTIME; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks;
        } catch (IOException ended) {
            return 0;
        }
    }

    /// Pss of smaps_rollup, in KiB.
    private static long memory(Path process) {
        try {
            return Files.readAllLines(process.resolve("smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }
}
