// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// How registries are reached, and whom to believe that it is them.
///
/// @param proxy an HTTP proxy on the way; empty for the one that the JVM's properties name, if any
/// @param tls whose certificates are believed; empty for the JVM's
public record Route(Optional<InetSocketAddress> proxy, Optional<SSLContext> tls) {
    /// As the JVM is set up.
    public static final Route DIRECT = new Route(Optional.empty(), Optional.empty());

    HttpClient.Builder over(HttpClient.Builder client) {
        proxy.ifPresent(address -> client.proxy(ProxySelector.of(address)));
        tls.ifPresent(client::sslContext);
        return client;
    }
}
