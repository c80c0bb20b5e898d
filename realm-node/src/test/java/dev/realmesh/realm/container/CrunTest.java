// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static dev.realmesh.realm.container.RunEvent.Stream.STDERR;
import static dev.realmesh.realm.container.RunEvent.Stream.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real containers by the real crun, as in a Realm's sandbox.
@Timeout(60)
class CrunTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();
    private CrunInUserNamespace machine;

    @BeforeEach
    void machine() throws IOException, InterruptedException {
        machine = CrunInUserNamespace.in(folder);
    }

    @Test
    void givesOutputsApartAndTheExitCode() throws IOException {
        Bundle bundle = machine.busybox("c1", "echo out; echo err >&2; exit 7");

        assertThat(machine.withGrace(LONG).start(bundle, Streams.OUTPUTS).await(events))
                .isEqualTo(7);
        assertThat(events.text(STDOUT)).isEqualTo("out\n");
        assertThat(events.text(STDERR)).isEqualTo("err\n");
    }

    @Test
    void showsTheContainerItselfOnly() throws IOException {
        Bundle bundle = machine.busybox("c2", "id -u; hostname; pwd; echo $$; cat /proc/self/status; ls /sys 2>&1");

        machine.withGrace(LONG).start(bundle, Streams.OUTPUTS).await(events);

        assertThat(events.text(STDOUT).lines().limit(4)).containsExactly("0", "c2", "/made/for/it", "1");
        assertThat(events.text(STDOUT)).contains("NoNewPrivs:\t1").contains("CapEff:\t00000000a80425fb");
    }

    @Test
    void runsOneAfterTheOther() throws IOException {
        Crun crun = machine.withGrace(LONG);
        for (int i = 0; i < 3; i++) {
            assertThat(crun.start(machine.busybox("c" + i, "exit " + i), Streams.OUTPUTS)
                            .await(events))
                    .isEqualTo(i);
        }
        assertThat(folder.resolve("state")).isEmptyDirectory();
    }

    @Test
    void refusesProgramThatTheImageDoesNotHave() throws IOException {
        Bundle bundle = machine.busybox("c1", "exit 0");
        Files.delete(Bundle.root(bundle.folder()).resolve("bin/sh"));

        assertThatThrownBy(() ->
                        machine.withGrace(LONG).start(bundle, Streams.OUTPUTS).await(events))
                .isInstanceOf(ContainerException.NotRunnable.class)
                .hasMessageContaining("/bin/sh")
                .hasMessageContaining("not found");
        assertThat(folder.resolve("state")).isEmptyDirectory();
    }

    @Test
    void tellsSignalAsExitCode() throws IOException {
        Bundle bundle = machine.busybox("c1", "trap 'exit 9' USR1; (kill -USR1 1); sleep 60");
        assertThat(machine.withGrace(LONG).start(bundle, Streams.OUTPUTS).await(events))
                .isEqualTo(9);

        Bundle aborted = machine.busybox("c2", "sh -c 'kill -KILL $$'; exit $?");
        assertThat(machine.withGrace(LONG).start(aborted, Streams.OUTPUTS).await(events))
                .isEqualTo(137);
    }

    @Test
    void endsByTermWhenInterrupted() throws Exception {
        Bundle bundle = machine.busybox("c1", "trap 'echo ending; exit 0' TERM; echo ready; sleep 60 & wait");
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> await(machine.withGrace(LONG), bundle, end));
        events.awaitText(STDOUT, "ready");

        caller.interrupt();

        assertThat(end.join()).isInstanceOf(ContainerException.Cancelled.class);
        events.awaitText(STDOUT, "ending");
        assertThat(folder.resolve("state")).isEmptyDirectory();
    }

    @Test
    void endsByKillWhatIgnoresTerm() throws Exception {
        Bundle bundle = machine.busybox("c1", "trap '' TERM; echo ready; sleep 60");
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> await(machine.withGrace(Duration.ofMillis(100)), bundle, end));
        events.awaitText(STDOUT, "ready");

        caller.interrupt();

        assertThat(end.join()).isInstanceOf(ContainerException.Cancelled.class);
        assertThat(folder.resolve("state")).isEmptyDirectory();
    }

    @Test
    void endsWhenNobodyTakesTheOutput() throws IOException {
        Bundle bundle = machine.busybox("c1", "yes");
        AtomicInteger taken = new AtomicInteger();
        RunEvents full = event -> {
            if (taken.incrementAndGet() > 3) {
                throw new ContainerException.Cancelled();
            }
        };

        assertThatThrownBy(() -> machine.withGrace(Duration.ofMillis(100))
                        .start(bundle, Streams.OUTPUTS)
                        .await(full))
                .isInstanceOf(ContainerException.Cancelled.class);
        assertThat(folder.resolve("state")).isEmptyDirectory();
    }

    private void await(Crun crun, Bundle bundle, CompletableFuture<Throwable> end) {
        try {
            crun.start(bundle, Streams.OUTPUTS).await(events);
        } catch (RuntimeException e) {
            end.complete(e);
        }
    }
}
