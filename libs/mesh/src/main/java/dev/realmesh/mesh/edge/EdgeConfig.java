// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import dev.realmesh.mesh.config.Default;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// The HTTP/2 edge of a node; section `edge`.
///
/// @param host address to listen on; `host`, default 127.0.0.1
/// @param port port to listen on, 0 for any free one; `port`, default 7440
/// @param tls certificate of the edge; `tls`, absent: plain HTTP/2, on loopback only
/// @param maxMessageBytes largest gRPC message, 1 KiB to 64 MiB; `max-message-bytes`, default 4 MiB
public record EdgeConfig(
        @Default("127.0.0.1") String host,
        @Default("7440") int port,
        Optional<Tls> tls,
        @Default("4194304") int maxMessageBytes) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1");

    public EdgeConfig {
        requireAddress(host, port, tls);
        if (maxMessageBytes < 1024 || maxMessageBytes > 64 << 20) {
            throw new IllegalArgumentException("max-message-bytes: " + maxMessageBytes + " (expected: 1024-67108864)");
        }
    }

    /// Checks where a server is to listen: in the clear, on loopback only.
    ///
    /// @throws IllegalArgumentException naming the key that is wrong
    public static void requireAddress(String host, int port, Optional<Tls> tls) {
        requireAddress("", host, port, tls);
    }

    /// Likewise.
    ///
    /// @param prefix what the keys begin with: `registry-` of `registry-host`
    /// @throws IllegalArgumentException naming the key that is wrong
    public static void requireAddress(String prefix, String host, int port, Optional<Tls> tls) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(prefix + "port: " + port + " (expected: 0-65535)");
        }
        if (tls.isEmpty() && !LOOPBACK.matcher(host).matches()) {
            throw new IllegalArgumentException(prefix + "tls: absent with " + prefix + "host " + host + " (expected: "
                    + prefix + "tls off loopback)");
        }
    }

    /// Plain HTTP/2 on loopback.
    ///
    /// @param port port to listen on, 0 for any free one
    public static EdgeConfig loopback(int port) {
        return new EdgeConfig("127.0.0.1", port, Optional.empty(), 4 << 20);
    }

    /// TLS of the edge; section `edge.tls`.
    ///
    /// @param certificate PEM chain; `certificate`
    /// @param key PEM PKCS#8 private key; `key`
    /// @param clientTrust PEM certificates of CAs whose clients are let in; `client-trust`, absent: clients
    ///     need no certificate
    public record Tls(Path certificate, Path key, Optional<Path> clientTrust) {
        /// Options of a server with this certificate.
        public HttpServerOptions serverOptions() {
            HttpServerOptions options = new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(certificate.toString())
                            .setKeyPath(key.toString()));
            clientTrust.ifPresent(trust -> options.setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PemTrustOptions().addCertPath(trust.toString())));
            return options;
        }
    }
}
