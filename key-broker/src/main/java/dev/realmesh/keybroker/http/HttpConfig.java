// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.mesh.config.Default;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.util.Optional;

/// Where the KBS protocol is served over HTTP; section `key-broker.http`.
///
/// @param host address to listen on; `host`, default 127.0.0.1
/// @param port port to listen on, 0 for any free one; `port`, default 8080
/// @param tls certificate; `tls`, absent: plain HTTP, on loopback only
public record HttpConfig(
        @Default("127.0.0.1") String host, @Default("8080") int port, Optional<EdgeConfig.Tls> tls) {
    public HttpConfig {
        EdgeConfig.requireAddress(host, port, tls);
    }

    /// On loopback.
    ///
    /// @param port port to listen on, 0 for any free one
    public static HttpConfig loopback(int port) {
        return new HttpConfig("127.0.0.1", port, Optional.empty());
    }
}
