// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bodies of answers as they come over a real connection, which stalls, breaks off or is whole.
class TimedBodyTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<Boolean> clientHasGone = new CompletableFuture<>();

    @AfterEach
    void stop() {
        client.shutdownNow();
    }

    @Test
    void isReadWhole() throws Exception {
        byte[] content = new byte[3 << 20];
        new Random(1).nextBytes(content);

        try (RawServer server = new RawServer((head, connection) -> {
                    RawServer.head(connection, "200 OK", "Content-Length: " + content.length);
                    connection.getOutputStream().write(content);
                });
                InputStream body = get(server, LONG)) {
            assertThat(body.readAllBytes()).isEqualTo(content);
            assertThat(body.read()).isEqualTo(-1);
        }
    }

    @Test
    void doesNotWaitForEverAndFreesTheConnection() throws Exception {
        try (RawServer server = new RawServer(this::stall);
                InputStream body = get(server, Duration.ofMillis(200))) {
            assertThat(body.readNBytes(2)).asString().isEqualTo("ab");
            assertThatThrownBy(body::read)
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("no byte for 200 ms");

            assertThat(clientHasGone.get(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessage("no byte for 200 ms");
        }
    }

    @Test
    void saysThatItBrokeOff() throws Exception {
        try (RawServer server = new RawServer((head, connection) -> {
                    RawServer.head(connection, "200 OK", "Content-Length: 4");
                    RawServer.write(connection, "ab");
                });
                InputStream body = get(server, LONG)) {
            assertThatThrownBy(body::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broke off");
            assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessageContaining("broke off");
        }
    }

    @Test
    void closingItEndsTheConnection() throws Exception {
        try (RawServer server = new RawServer(this::stall)) {
            InputStream body = get(server, LONG);
            body.close();

            assertThat(clientHasGone.get(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessage("closed");
        }
    }

    /// Half of an answer, then nothing until the client goes.
    private void stall(String head, Socket connection) throws IOException {
        RawServer.head(connection, "200 OK", "Content-Length: 4");
        RawServer.write(connection, "ab");
        try {
            clientHasGone.complete(connection.getInputStream().read() < 0);
        } catch (SocketException reset) {
            clientHasGone.complete(true);
        }
    }

    private InputStream get(RawServer server, Duration idle) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server.host() + "/"))
                .build();
        return client.send(request, TimedBody.idleAtMost(idle)).body();
    }
}
