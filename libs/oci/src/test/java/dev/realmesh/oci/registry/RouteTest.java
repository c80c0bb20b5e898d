// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Registries by way of a proxy.
class RouteTest {
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /// What a proxy forbids it will forbid a moment later, so it is not asked again.
    @ParameterizedTest
    @CsvSource({"403 Forbidden, 1", "502 Bad Gateway, 3"})
    void proxyIsAskedForTheRegistryAndAgainWhereThatMayHelp(String status, int attempts) throws IOException {
        try (RawServer proxy = proxy(status);
                RegistryClient client = client(proxy)) {
            assertThatThrownBy(() -> client.manifest(Reference.parse("registry.test/team/app:1")))
                    .isInstanceOfSatisfying(
                            RegistryClientException.Unavailable.class,
                            failure -> assertThat(failure.uri())
                                    .hasToString("https://registry.test/v2/team/app/manifests/1"));
        }

        assertThat(requests).hasSize(attempts).containsOnly("CONNECT registry.test:443 HTTP/1.1");
    }

    /// Not even one on loopback.
    @Test
    void nothingGoesAroundIt() throws IOException {
        try (RawServer proxy = proxy("403 Forbidden");
                RegistryClient client = client(proxy)) {
            assertThatThrownBy(() -> client.manifest(Reference.parse("localhost:1/app:1")))
                    .isInstanceOf(RegistryClientException.Unavailable.class);
        }

        assertThat(requests).containsExactly("CONNECT localhost:1 HTTP/1.1");
    }

    private RawServer proxy(String status) throws IOException {
        return new RawServer((head, connection) -> {
            requests.add(head.lines().findFirst().orElse(""));
            RawServer.head(connection, status, "Content-Length: 0");
        });
    }

    private static RegistryClient client(RawServer proxy) {
        String[] place = proxy.host().split(":", -1);
        InetSocketAddress address = new InetSocketAddress(place[0], Integer.parseInt(place[1]));
        ClientOptions options = ClientOptions.of(Set.of())
                .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(20))
                .withBackoff(Backoff.of(3).pausing(pause -> {}))
                .withRoute(new Route(Optional.of(address), Optional.empty()));
        return new RegistryClient(options, InstantSource.system());
    }
}
