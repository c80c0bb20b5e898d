// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.realm.container.ContainerLog.Entry;
import dev.realmesh.realm.container.ContainerLog.Page;
import dev.realmesh.realm.container.RunEvent.Stream;
import dev.realmesh.realm.grpc.TurnedClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A container's log keeps the last of what was written, within its limit.
@Timeout(30)
class ContainerLogTest {
    private final TurnedClock clock = new TurnedClock();
    private final ContainerLog log = new ContainerLog(clock, 10 * (100 + 64));

    @Test
    void keepsWhatFitsAndSaysWhatDoesNot() {
        for (int i = 0; i < 25; i++) {
            write(String.format("%-100d", i));
        }

        Page page = log.read(0);

        assertThat(page.missed()).isTrue();
        assertThat(page.entries()).hasSize(10);
        assertThat(text(page).strip()).startsWith("15").endsWith("24");
        assertThat(log.read(page.next())).isEqualTo(new Page(java.util.List.of(), page.next(), false, false));
        assertThat(log.read(20).entries()).hasSize(5);
        assertThat(log.read(20).missed()).isFalse();
    }

    @Test
    void keepsTheLastOneHoweverLarge() {
        write("small");
        write("x".repeat(5000));

        assertThat(text(log.read(0))).isEqualTo("x".repeat(5000));
    }

    @Test
    void saysWhenAndWhereItWasWritten() {
        write("a");
        clock.advance(Duration.ofSeconds(5));
        log.append(new RunEvent.Output(Stream.STDERR, ByteBuffer.wrap(new byte[] {'b'})));

        assertThat(log.read(0).entries()).extracting(Entry::stream).containsExactly(Stream.STDOUT, Stream.STDERR);
        assertThat(log.read(0).entries().get(1).at()).isEqualTo(clock.instant());
    }

    @Test
    void readerWaitsForMoreOrTheEnd() throws Exception {
        write("a");
        long next = log.await(0).next();
        CompletableFuture<Page> more = CompletableFuture.supplyAsync(() -> await(next));
        write("b");
        assertThat(text(more.join())).isEqualTo("b");

        CompletableFuture<Page> last =
                CompletableFuture.supplyAsync(() -> await(more.join().next()));
        log.end();
        assertThat(last.join().entries()).isEmpty();
        assertThat(last.join().last()).isTrue();
    }

    private Page await(long from) {
        try {
            return log.await(from);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String text) {
        log.append(new RunEvent.Output(Stream.STDOUT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static String text(Page page) {
        return page.entries().stream()
                .map(entry -> StandardCharsets.UTF_8.decode(entry.bytes().duplicate()))
                .collect(Collectors.joining());
    }
}
