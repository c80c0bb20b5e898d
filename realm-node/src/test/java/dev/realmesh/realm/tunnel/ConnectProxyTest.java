// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The proxy in the Realm, over tunnels that are plain sockets here.
@Timeout(60)
class ConnectProxyTest {
    private static final Tunnels OPEN = SocketTunnel::open;

    private final AtomicReference<Tunnels> tunnels = new AtomicReference<>(OPEN);
    private ServerSocket host;
    private ConnectProxy proxy;

    @BeforeEach
    void start() throws IOException {
        host = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        proxy = ConnectProxy.over((name, port) -> tunnels.get().open(name, port));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        host.close();
    }

    @Test
    void bytesGoThroughBothWays() throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(1).nextBytes(sent);
        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
            try (Socket connection = host.accept()) {
                byte[] all = connection.getInputStream().readNBytes(sent.length);
                connection.getOutputStream().write(all);
                return all;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        try (Socket client = client("CONNECT 127.0.0.1:" + host.getLocalPort() + " HTTP/1.1\r\nHost: x\r\n\r\n")) {
            assertThat(head(client)).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
            client.getOutputStream().write(sent);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
        }
        assertThat(received.get()).isEqualTo(sent);
    }

    /// HTTP says a number, so the reason is kept until the way is free again.
    @Test
    void reasonOfARefusalIsKept() throws IOException {
        URI uri = URI.create("https://127.0.0.1:" + host.getLocalPort() + "/v2/");
        String connect = "CONNECT 127.0.0.1:" + host.getLocalPort() + " HTTP/1.1\r\n\r\n";
        tunnels.set((name, port) -> {
            throw new TunnelException.Forbidden("not there", new IOException());
        });
        try (Socket client = client(connect)) {
            assertThat(head(client)).startsWith("HTTP/1.1 403 Forbidden\r\n");
        }
        assertThat(proxy.refusal(uri)).get().isInstanceOf(TunnelException.Forbidden.class);
        tunnels.set((name, port) -> {
            throw new TunnelException.Unavailable("not now", new IOException());
        });
        try (Socket client = client(connect)) {
            assertThat(head(client)).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
        }
        assertThat(proxy.refusal(uri)).get().hasToString(TunnelException.Unavailable.class.getName() + ": not now");
        assertThat(proxy.refusal(URI.create("https://127.0.0.1/v2/"))).isEmpty();

        tunnels.set(OPEN);
        try (Socket client = client(connect)) {
            assertThat(head(client)).startsWith("HTTP/1.1 200 ");
        }
        assertThat(proxy.refusal(uri)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://127.0.0.1/ HTTP/1.1",
                "CONNECT 127.0.0.1 HTTP/1.1",
                "CONNECT 127.0.0.1:443 HTTP/2",
                "CONNECT a b:443 HTTP/1.1",
                "CONNECT /etc:443 HTTP/1.1"
            })
    void anythingElseIsRefused(String line) throws IOException {
        try (Socket client = client(line + "\r\n\r\n")) {
            assertThat(head(client)).startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void endlessHeadIsNotReadToItsEnd() throws IOException {
        try (Socket client = client("CONNECT 127.0.0.1:443 HTTP/1.1\r\nX: " + "x".repeat(8 << 10))) {
            assertThat(head(client)).isEmpty();
        }
    }

    private Socket client(String request) throws IOException {
        Socket client = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static String head(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        try {
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = client.getInputStream().read();
                if (next < 0) {
                    break;
                }
                head.append((char) next);
            }
        } catch (SocketException reset) {
            // As good as an end: the proxy had not read all.
        }
        return head.toString();
    }
}
