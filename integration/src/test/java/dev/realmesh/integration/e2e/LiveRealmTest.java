// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cli.Main;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.WorkloadFeatures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Containers as people use them, from the command line to crun in a Realm and back: in the background, several in a
/// Realm,
/// with a terminal, an input, logs, further processes, a stop.
@Timeout(300)
class LiveRealmTest {
    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        mesh.assertNothingIsLeft();
    }

    @Test
    void realmLivesOnWithSeveralContainers() {
        String realm = detached("run", "-d", "--name", "one", IMAGE, "--", "sh", "-c", "echo up; exec sleep 1000");
        assertThat(detached("run", "-d", "--realm", realm, "--name", "two", IMAGE, "--", "sh", "-c", "echo 2; exit 3"))
                .isEqualTo("two");

        Outcome followed = mesh.realmesh("realm", "logs", "-f", realm, "two");
        assertThat(followed).isEqualTo(new Outcome(0, "2\n", ""));
        assertThat(mesh.realmesh("realm", "ps", realm).out().lines())
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("one  RUNNING  " + IMAGE),
                        two -> assertThat(two).startsWith("two  EXITED 3  " + IMAGE));
        assertThat(mesh.realmesh("realm", "stats", realm).out())
                .startsWith("one  1 processes  ")
                .hasLineCount(1);
        assertThat(mesh.realmesh("realm", "logs", realm, "one").out()).isEqualTo("up\n");
        mesh.realmesh("realm", "logs", realm).failed("one, two");
        assertThat(mesh.realmesh("realm", "stop", "-t", "0", realm, "one").exitCode())
                .isZero();
        assertThat(mesh.realmesh("realm", "ps", realm).out()).contains("one  EXITED 137");
        assertThat(mesh.realmesh("realm", "remove", realm, "two").exitCode()).isZero();
        assertThat(mesh.realmesh("realm", "ps", realm).out().lines()).hasSize(1);

        assertThat(mesh.realmesh("realm", "remove", realm).exitCode()).isZero();
        mesh.realmesh("realm", "ps", realm).failed(realm + ": not on this host");
    }

    @Test
    void furtherProcessIsRefusedUnlessInitdataSaysSo() throws IOException {
        String strict = detached("run", "-d", IMAGE, "--", "sleep", "1000");
        mesh.realmesh("realm", "exec", strict, "id").failed("allow-exec = true in the Realm's initdata");
        mesh.realmesh("realm", "remove", strict);

        String initdata = initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.EXEC));
        String realm = detached("run", "-d", "--initdata", initdata, IMAGE, "--", "sleep", "1000");
        Outcome further =
                mesh.realmesh("realm", "exec", "-e", "A=b", realm, "sh", "-c", "echo $A; echo err >&2; exit 5");
        assertThat(further).isEqualTo(new Outcome(5, "b\n", "err\n"));
        assertThat(mesh.realmesh(input("piped"), "realm", "exec", "-i", realm, "cat"))
                .isEqualTo(new Outcome(0, "piped", ""));
        mesh.realmesh("realm", "remove", realm);
    }

    @Test
    void outputStaysInTheRealmWhereInitdataSaysSo() throws IOException {
        String initdata = initdata(AgentPolicy.allowing(Permission.COMMAND).without(Permission.OUTPUT));

        Outcome run = mesh.realmesh("run", "--initdata", initdata, IMAGE, "--", "sh", "-c", "echo secret; exit 4");
        assertThat(run).isEqualTo(new Outcome(4, "", ""));

        String realm =
                detached("run", "-d", "--initdata", initdata, IMAGE, "--", "sh", "-c", "echo secret; sleep 1000");
        mesh.realmesh("realm", "logs", realm).failed("allow-output = true in the Realm's initdata");
        mesh.realmesh("realm", "remove", realm);
    }

    @Test
    void standardInputIsTheContainers() {
        assertThat(mesh.realmesh(input("hi\n"), "run", "-i", IMAGE, "--", "cat"))
                .isEqualTo(new Outcome(0, "hi\n", ""));
        String large = "0123456789abcdef".repeat(64 * 1024);
        assertThat(mesh.realmesh(input(large), "run", "-i", IMAGE, "--", "cat").out())
                .isEqualTo(large);
        mesh.realmesh(input("hi"), "run", "-i", IMAGE).failed("allow-stdin = true in the Realm's initdata");
    }

    /// The real command under a real terminal.
    @Test
    void shellIsInteractive() throws Exception {
        try (TypedTerminal terminal = terminal("run", "-it", IMAGE, "--", "sh")) {
            terminal.await("# ");
            terminal.type("test -t 0 && test -t 1 && echo it\"s\" a terminal\n");
            terminal.await("its a terminal");
            terminal.type("busybox stty size\n");
            terminal.await("33 111");
            terminal.type("echo slee\"ps\"; sleep 1000\n");
            terminal.await("sleeps");
            terminal.type("\u0003");
            terminal.await("# ");
            terminal.type("echo left $?'.'; exit 6\n");
            terminal.await("left 130.");
            assertThat(terminal.exitCode()).isEqualTo(6);
        }
    }

    @Test
    void containerIsAttachedToAndLeft() throws Exception {
        String realm = detached("run", "-d", "-i", "-t", "--tmpfs", "/scratch:size=1m", IMAGE, "--", "sh");
        try (TypedTerminal terminal = terminal("realm", "attach", realm)) {
            terminal.type("cd /scratch && echo ke\"pt\" > note; cat note\n");
            terminal.await("kept");
            terminal.type("\u0010\u0011");
            assertThat(terminal.exitCode()).isZero();
        }
        assertThat(mesh.realmesh("realm", "ps", realm).out()).contains("RUNNING");
        try (TypedTerminal terminal = terminal("realm", "attach", realm)) {
            terminal.type("busybox stty size; cat note; exit 9\n");
            terminal.await("33 111");
            terminal.await("kept");
            assertThat(terminal.exitCode()).isEqualTo(9);
        }
        mesh.realmesh("realm", "remove", realm);
    }

    @Test
    void detachedRealmGoesWithItsContainer() throws Exception {
        String realm = detached("run", "-d", "--rm", IMAGE, "--", "sleep", "1000");
        assertThat(mesh.realmesh("realm", "ps", realm).out()).contains("RUNNING");

        assertThat(mesh.realmesh("realm", "stop", "-t", "0", realm).exitCode()).isZero();

        awaitNoRealm();
    }

    @Test
    void detachedContainerGoesAlone() {
        String realm = detached("run", "-d", "--name", "one", IMAGE, "--", "sleep", "1000");
        detached("run", "-d", "--rm", "--realm", realm, "--name", "two", IMAGE, "--", "sleep", "1000");

        assertThat(mesh.realmesh("realm", "stop", "-t", "0", realm, "two").exitCode())
                .isZero();

        assertThat(mesh.realmesh("realm", "ps", realm).out().lines())
                .singleElement()
                .satisfies(one -> assertThat(one).startsWith("one  RUNNING"));
        mesh.realmesh("realm", "remove", realm);
    }

    @Test
    void orphansAreReapedWhereThereIsAnInit() throws IOException {
        String initdata = initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.EXEC));
        String realm = detached("run", "-d", "--init", "--initdata", initdata, IMAGE, "--", "sleep", "1000");
        detached("run", "-d", "--name", "bare", "--realm", realm, IMAGE, "--", "sleep", "1000");
        String orphan = "(sleep 0.1 &); sleep 0.5; busybox grep -l '^State:.Z' /proc/[0-9]*/status | busybox wc -l";

        assertThat(mesh.realmesh("realm", "exec", "--container", "container-1", realm, "sh", "-c", orphan)
                        .out())
                .isEqualTo("0\n");
        assertThat(mesh.realmesh("realm", "exec", "--container", "bare", realm, "sh", "-c", orphan)
                        .out())
                .isEqualTo("1\n");
        mesh.realmesh("realm", "remove", realm);
    }

    @Test
    void signalsArePassedOn() throws Exception {
        String heeds = "trap \"echo heeded; exit 5\" INT; echo ready; while :; do sleep 0.1; done";
        try (TypedTerminal terminal = terminal("run", "--rm", IMAGE, "--", "sh", "-c", "'" + heeds + "'")) {
            terminal.await("ready");
            terminal.type("\u0003");
            terminal.await("heeded");
            assertThat(terminal.exitCode()).isEqualTo(5);
        }
    }

    /// Without a handler the kernel keeps signals from a first process.
    @Test
    void thirdSignalLeavesAContainerThatHeedsNone() throws Exception {
        try (TypedTerminal terminal =
                terminal("run", "--rm", IMAGE, "--", "sh", "-c", "'echo started; exec sleep 1000'")) {
            terminal.await("started");
            // Of signals that come at once a process sees one.
            do {
                terminal.type("\u0003");
            } while (!terminal.endsWithin(Duration.ofSeconds(1)));
            assertThat(terminal.exitCode()).isEqualTo(130);
        }
        awaitNoRealm();
    }

    /// Kills the command itself: its Realm goes with it.
    @Test
    void realmOfACommandThatIsKilledIsGone() throws Exception {
        try (TypedTerminal terminal = terminal("run", "-it", IMAGE, "--", "sh")) {
            terminal.await("# ");
        }
        awaitNoRealm();
    }

    private static void awaitNoRealm() {
        Instant deadline = Instant.now().plusSeconds(60);
        while (!mesh.realmesh("realm", "list").out().isEmpty()) {
            assertThat(Instant.now()).as("a Realm is left").isBefore(deadline);
        }
    }

    private static TypedTerminal terminal(String... arguments) throws IOException {
        return TypedTerminal.open(
                Map.of("REALMESH_ENDPOINT", "http://127.0.0.1:" + mesh.mesh.edgePort()),
                Main.class.getName(),
                List.of(arguments));
    }

    private static String detached(String... arguments) {
        Outcome outcome = mesh.realmesh(arguments);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        return outcome.out().strip();
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The mesh's own initdata, with another agent policy.
    private static String initdata(AgentPolicy policy) throws IOException {
        return mesh.initdata(usual ->
                new RealmSettings(usual.keyBrokerIdentity(), usual.imagePolicy(), policy, WorkloadFeatures.NONE));
    }
}
