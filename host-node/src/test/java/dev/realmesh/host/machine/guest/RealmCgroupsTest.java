// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Limits of a Realm by control groups, where this machine lets this user make them.
@Timeout(60)
class RealmCgroupsTest {
    private static final String NAME =
            "realmesh-test-" + ProcessHandle.current().pid();
    private static final long MEMORY = 64L << 20;

    @Test
    void killsWhatTakesMoreMemoryThanTheRealmHas() throws Exception {
        try (RealmCgroups.Group group = allowed()) {
            Process greedy = start(group, "tail -c 1000000000 /dev/zero | tail -c 1; exit 0");
            Process modest = start(group, "echo modest");

            assertThat(output(modest)).isEqualTo("modest\n");
            greedy.waitFor();
            assertThat(group.folders()).allSatisfy(folder -> assertThat(folder).isDirectory());
            assertThat(Files.readString(limit(group, "memory")).strip()).isEqualTo("" + MEMORY);
            assertThat(mostUsed(group)).isLessThanOrEqualTo(MEMORY);
        }
    }

    @Test
    void goesOnceItsProcessesAreGone() throws Exception {
        RealmCgroups.Group group = allowed();
        Process process = start(group, "exec sleep 100");
        process.destroyForcibly();

        group.close();

        assertThat(group.folders()).noneMatch(Files::exists);
    }

    @Test
    void changesNothingWhereThereAreNone() {
        List<String> command = List.of("/bin/true", "an argument");

        try (RealmCgroups.Group group = RealmCgroups.none().create(NAME, MEMORY, 1)) {
            assertThat(group.joining(command)).isEqualTo(command);
        }
    }

    private static RealmCgroups.Group allowed() {
        RealmCgroups.Group group = RealmCgroups.open().create(NAME, MEMORY, 1);
        assumeFalse(group.folders().isEmpty(), "this user may make no control groups");
        return group;
    }

    private static Process start(RealmCgroups.Group group, String script) throws IOException {
        return new ProcessBuilder(group.joining(List.of("/bin/sh", "-c", script)))
                .redirectErrorStream(true)
                .start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Path limit(RealmCgroups.Group group, String controller) throws IOException {
        return file(group, List.of(controller + ".limit_in_bytes", controller + ".max"));
    }

    private static long mostUsed(RealmCgroups.Group group) throws IOException {
        return Long.parseLong(Files.readString(file(group, List.of("memory.max_usage_in_bytes", "memory.peak")))
                .strip());
    }

    private static Path file(RealmCgroups.Group group, List<String> names) {
        return group.folders().stream()
                .flatMap(folder -> names.stream().map(folder::resolve))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }
}
