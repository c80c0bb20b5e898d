// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Registries whose connections break off, stall or are refused, and that are busy for a while.
class RegistryFaultsTest {
    private static final byte[] BLOB = new byte[3 << 20];
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ATTEMPTS = 4;

    static {
        new Random(1).nextBytes(BLOB);
    }

    private final List<Duration> pauses = new ArrayList<>();
    private final Queue<String> ranges = new ConcurrentLinkedQueue<>();

    /// What to answer to the first request, the second and so on; the last one again and again.
    private RawServer registry(RawServer.Script... answers) throws IOException {
        return new RawServer((head, connection) -> {
            String range = head.lines()
                    .filter(line -> line.startsWith("Range: "))
                    .findFirst()
                    .orElse("");
            ranges.add(range);
            answers[Math.min(ranges.size(), answers.length) - 1].play(range, connection);
        });
    }

    @Test
    void goesOnWhereAConnectionBrokeOff() throws IOException {
        try (RawServer server = registry(
                (range, connection) -> whole(connection, 1000),
                (range, connection) -> partial(connection, 1000, 70_000),
                (range, connection) -> partial(connection, 70_000, BLOB.length))) {
            assertThat(read(server)).isEqualTo(BLOB);
        }

        assertThat(ranges).containsExactly("", "Range: bytes=1000-", "Range: bytes=70000-");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void goesOnWhereAConnectionStoodStill() throws IOException {
        try (RawServer server = registry(
                (range, connection) -> {
                    whole(connection, 1000);
                    connection.getInputStream().read();
                },
                (range, connection) -> partial(connection, 1000, BLOB.length))) {
            assertThat(read(server)).isEqualTo(BLOB);
        }
    }

    @Test
    void skipsWhatItHasOfARegistryWithoutRanges() throws IOException {
        try (RawServer server = registry(
                (range, connection) -> whole(connection, 1000),
                (range, connection) -> whole(connection, 500),
                (range, connection) -> whole(connection, BLOB.length))) {
            assertThat(read(server)).isEqualTo(BLOB);
        }
    }

    @Test
    void attemptsAreCountedAnewAfterAMebibyte() throws IOException {
        int mebibyte = 1 << 20;
        try (RawServer server = registry(
                (range, connection) -> whole(connection, mebibyte),
                (range, connection) -> partial(connection, mebibyte, 2 * mebibyte),
                (range, connection) -> partial(connection, 2 * mebibyte, BLOB.length))) {
            assertThat(read(server, 2)).isEqualTo(BLOB);
        }
        ranges.clear();
        try (RawServer server = registry(
                (range, connection) -> whole(connection, mebibyte),
                (range, connection) -> partial(connection, mebibyte, 2 * mebibyte - 1),
                (range, connection) -> partial(connection, 2 * mebibyte - 1, BLOB.length))) {
            assertThatThrownBy(() -> read(server, 2)).hasMessageContaining("breaks off after 2097151 bytes");
        }
    }

    @Test
    void givesUpOnARegistryThatBreaksOffAgainAndAgain() throws IOException {
        try (RawServer server = registry((range, connection) -> {
            RawServer.head(connection, "200 OK", "Content-Length: 10");
            RawServer.write(connection, "ab");
        })) {
            assertThatThrownBy(() -> read(server))
                    .isInstanceOf(RegistryClientException.Unavailable.class)
                    .hasMessageContaining("breaks off after 2 bytes");
        }
        assertThat(ranges).hasSize(ATTEMPTS);
        assertThat(pauses).hasSize(ATTEMPTS - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Range: bytes 999-3145727/3145728",
                "Content-Range: bytes 1000-3145726/3145728",
                "Content-Range: bytes 1000-2999/3000",
                "Content-Range: bytes 1000-",
                "X: y"
            })
    void refusesPartsThatDoNotGoOn(String header) throws IOException {
        try (RawServer server = registry((range, connection) -> whole(connection, 1000), (range, connection) -> {
            RawServer.head(connection, "206 Partial Content", header, "Content-Length: 10");
            connection.getOutputStream().write(new byte[10]);
        })) {
            assertThatThrownBy(() -> read(server))
                    .isInstanceOf(RegistryClientException.BadAnswer.class)
                    .hasMessageContaining("expected: bytes 1000- to the end of 3145728");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable", "504 Timeout"})
    void asksAgainWhatMayPass(String status) throws IOException {
        try (RawServer server = registry(
                (range, connection) -> RawServer.head(connection, status, "Content-Length: 0", "Connection: close"),
                (range, connection) -> whole(connection, BLOB.length))) {
            assertThat(read(server)).isEqualTo(BLOB);
        }
        assertThat(pauses)
                .singleElement()
                .satisfies(pause -> assertThat(pause).isBetween(Duration.ofMillis(250), Duration.ofMillis(500)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 Bad Request", "500 Internal Server Error", "501 Not Implemented"})
    void doesNotAskAgainWhatStays(String status) throws IOException {
        try (RawServer server = registry(
                (range, connection) -> RawServer.head(connection, status, "Content-Length: 0", "Connection: close"))) {
            assertThatThrownBy(() -> read(server))
                    .isInstanceOf(RegistryClientException.Unavailable.class)
                    .hasMessageEndingWith("answers " + status.substring(0, 3));
        }
        assertThat(ranges).hasSize(1);
    }

    @Test
    void waitsAsLongAsTheRegistryAsks() throws IOException {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plusSeconds(9).atZone(ZoneOffset.UTC));
        try (RawServer server = registry(
                (range, connection) -> busy(connection, "7"),
                (range, connection) -> busy(connection, date),
                (range, connection) -> whole(connection, BLOB.length))) {
            assertThat(read(server)).isEqualTo(BLOB);
        }
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9));
    }

    @Test
    void doesNotWaitForTooLong() throws IOException {
        try (RawServer server = registry((range, connection) -> busy(connection, "3600"))) {
            assertThatThrownBy(() -> read(server))
                    .isInstanceOf(RegistryClientException.Unavailable.class)
                    .hasMessageEndingWith("answers 429, come back after 3600 s");
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void pausesGrow() throws IOException {
        try (RawServer server = registry((range, connection) -> busy(connection, "nonsense"))) {
            assertThatThrownBy(() -> read(server)).isInstanceOf(RegistryClientException.Unavailable.class);
        }
        assertThat(pauses).hasSize(ATTEMPTS - 1);
        for (int i = 0; i < pauses.size(); i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(250L << i), Duration.ofMillis(500L << i));
        }
    }

    @Test
    void asksAgainWhereNobodyAnswersYet() throws IOException {
        RawServer gone = registry();
        gone.close();

        assertThatThrownBy(() -> read(gone))
                .isInstanceOf(RegistryClientException.Unavailable.class)
                .hasMessageContaining("nobody answers there");
        assertThat(pauses).hasSize(ATTEMPTS - 1);
    }

    @Test
    void manifestHasToBeWholeInTime() throws IOException {
        try (RawServer server = registry((range, connection) -> {
                    RawServer.head(connection, "200 OK", "Content-Length: 4000000");
                    for (int i = 0; i < 4_000_000; i++) {
                        RawServer.write(connection, "x");
                    }
                });
                RegistryClient client = new RegistryClient(
                        ClientOptions.of(Set.of(server.host()))
                                .withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(20))
                                .withBackoff(Backoff.of(1)),
                        () -> NOW)) {
            assertThatThrownBy(() -> client.manifest(Reference.parse(server.host() + "/app:v1")))
                    .isInstanceOf(RegistryClientException.Unavailable.class)
                    .hasMessageContaining("not whole within 300 ms");
        }
    }

    @Test
    void tellsNothingOfTheQueryOfARedirect() throws IOException {
        try (RawServer server = registry(
                (range, connection) -> RawServer.head(
                        connection,
                        "307 Temporary Redirect",
                        "Location: /cdn?signature=secret",
                        "Content-Length: 0",
                        "Connection: close"),
                (range, connection) ->
                        RawServer.head(connection, "400 Bad", "Content-Length: 0", "Connection: close"))) {
            assertThatThrownBy(() -> read(server))
                    .hasMessageContaining("/cdn")
                    .hasMessageNotContaining("secret")
                    .hasMessageEndingWith("answers 400");
        }
    }

    private byte[] read(RawServer server) throws IOException {
        return read(server, ATTEMPTS);
    }

    private byte[] read(RawServer server, int attempts) throws IOException {
        ClientOptions options = ClientOptions.of(Set.of(server.host()))
                .withTimeouts(Duration.ofSeconds(20), Duration.ofMillis(500))
                .withBackoff(Backoff.of(attempts).pausing(pauses::add));
        try (RegistryClient client = new RegistryClient(options, () -> NOW);
                InputStream blob =
                        client.blob(Reference.parse(server.host() + "/app:v1"), OciDigest.of(new byte[] {1}))) {
            return blob.readAllBytes();
        }
    }

    /// The whole blob, or what there is of it before the connection breaks off.
    private static void whole(Socket connection, int until) throws IOException {
        RawServer.head(connection, "200 OK", "Content-Length: " + BLOB.length);
        connection.getOutputStream().write(BLOB, 0, until);
    }

    private static void partial(Socket connection, int from, int until) throws IOException {
        RawServer.head(
                connection,
                "206 Partial Content",
                "Content-Range: bytes " + from + "-" + (BLOB.length - 1) + "/" + BLOB.length,
                "Content-Length: " + (BLOB.length - from));
        connection.getOutputStream().write(Arrays.copyOfRange(BLOB, from, until));
    }

    private static void busy(Socket connection, String retryAfter) throws IOException {
        RawServer.head(
                connection,
                "429 Too Many Requests",
                "Retry-After: " + retryAfter,
                "Content-Length: 0",
                "Connection: close");
    }
}
