// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// How registries are reached, and whom to believe that it is them.
///
/// @param proxy an HTTP proxy on the way; empty for the one that the JVM's properties name, if any
/// @param tls whose certificates are believed; empty for the JVM's
public record Route(Optional<InetSocketAddress> proxy, Optional<SSLContext> tls) {
    /// As the JVM is set up.
    public static final Route DIRECT = new Route(Optional.empty(), Optional.empty());

    /// As the JVM is set up, and believing certificates of these CAs too.
    ///
    /// @param pem file of their certificates
    /// @throws IOException if it has none
    public static Route believing(Path pem) throws IOException {
        return new Route(Optional.empty(), Optional.of(TrustedRoots.with(TrustedRoots.in(pem))));
    }

    HttpClient.Builder over(HttpClient.Builder client) {
        proxy.ifPresent(address -> client.proxy(ProxySelector.of(address)));
        tls.ifPresent(client::sslContext);
        return client;
    }
}
