// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Plays HTTP connections byte by byte, as no HTTP server would: one request a connection, whose answer the test
/// writes.
final class RawServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// One connection; closed when it is done.
    interface Script {
        /// @param head of the request
        void play(String head, Socket connection) throws Exception;
    }

    RawServer(Script script) throws IOException {
        threads.execute(() -> accept(script));
    }

    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// Writes the head of an answer.
    static void head(Socket connection, String... lines) throws IOException {
        write(connection, "HTTP/1.1 " + String.join("\r\n", lines) + "\r\n\r\n");
    }

    static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket connection = server.accept();
                threads.execute(() -> play(script, connection));
            }
        } catch (IOException e) {
            // The server was closed.
        }
    }

    private static void play(Script script, Socket accepted) {
        try (Socket connection = accepted) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = connection.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            script.play(head.toString(), connection);
        } catch (Exception e) {
            // What breaks here is seen at the other end.
        }
    }
}
