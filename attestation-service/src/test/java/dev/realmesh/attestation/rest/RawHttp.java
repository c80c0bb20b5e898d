// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Requests that no HTTP client would send.
final class RawHttp {
    private static final int ANSWER_WITHIN_MILLIS = 30_000;

    private RawHttp() {}

    /// Sends a request without a body.
    ///
    /// @param request method and target
    /// @return all of the answer
    static String send(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
