// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An HTTP proxy for `CONNECT` alone (RFC 9110 section 9.3.6), so that `java.net.http` finds its way through tunnels.
/// It
/// is on the loopback of the agent's network namespace: containers, which have others, do not reach it.
public final class ConnectProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectProxy.class);
    private static final Pattern CONNECT =
            Pattern.compile("CONNECT ([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):([0-9]{1,5}) HTTP/1\\.1");
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int MAX_REFUSALS = 256;

    private final Tunnels tunnels;
    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, TunnelException> refusals = new ConcurrentHashMap<>();

    private ConnectProxy(Tunnels tunnels, ServerSocket listening) {
        this.tunnels = tunnels;
        this.listening = listening;
    }

    /// Starts to listen.
    public static ConnectProxy over(Tunnels tunnels) {
        try {
            ServerSocket listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
            ConnectProxy proxy = new ConnectProxy(tunnels, listening);
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("proxy on the Realm's loopback: " + e.getMessage(), e);
        }
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
    }

    /// Why there was no tunnel to a URI's host when it was last asked for; HTTP has but a number for that.
    public Optional<TunnelException> refusal(URI uri) {
        int port = uri.getPort() < 0 ? 443 : uri.getPort();
        return Optional.ofNullable(refusals.get(uri.getHost() + ":" + port));
    }

    @Override
    public void close() {
        closeQuietly(listening);
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            LOG.debug("proxy: closed", e);
        }
    }

    private void serve(Socket client) {
        try (client) {
            Matcher connect = CONNECT.matcher(firstLine(client.getInputStream()));
            if (connect.matches()) {
                relay(client, connect.group(1), Integer.parseInt(connect.group(2)));
            } else {
                answer(client, "405 Method Not Allowed");
            }
        } catch (IOException e) {
            LOG.debug("proxy: a connection broke off", e);
        }
    }

    private void relay(Socket client, String host, int port) throws IOException {
        String target = host + ":" + port;
        try (Tunnel tunnel = tunnels.open(host, port)) {
            refusals.remove(target);
            answer(client, "200 Connection established");
            threads.execute(() -> copyAnswers(tunnel, client));
            client.getInputStream().transferTo(tunnel.output());
        } catch (TunnelException e) {
            if (refusals.size() >= MAX_REFUSALS) {
                refusals.clear();
            }
            refusals.put(target, e);
            answer(client, e instanceof TunnelException.Forbidden ? "403 Forbidden" : "502 Bad Gateway");
        }
    }

    /// Until the host ends it, or the client has gone, which ends the tunnel.
    private static void copyAnswers(Tunnel tunnel, Socket client) {
        try (client) {
            tunnel.input().transferTo(client.getOutputStream());
        } catch (IOException e) {
            LOG.debug("proxy: a tunnel broke off", e);
        }
    }

    /// Reads the whole head, and leaves what follows it.
    private static String firstLine(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = input.read();
            if (next < 0 || head.length() == MAX_HEAD_BYTES) {
                throw new IOException("no head of a request within " + MAX_HEAD_BYTES + " bytes");
            }
            head.append((char) next);
        }
        return head.substring(0, head.indexOf("\r\n"));
    }

    private static void answer(Socket client, String status) throws IOException {
        String length = status.startsWith("200") ? "" : "Content-Length: 0\r\n";
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\n" + length + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("proxy: not closed", e);
        }
    }
}
