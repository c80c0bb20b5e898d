// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where Realms may go. Addresses stand for names, so that no test asks a name server.
class ConnectHostsTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, 443",
        "192.0.2.7:5000, 192.0.2.7, 5000",
        "*.2.7, 192.0.2.7, 443",
        "[2001:db8::1]:5000, [2001:DB8::1], 5000",
        "127.0.0.1:5000, 127.0.0.1, 5000",
        "10.1.2.3, 10.1.2.3, 443"
    })
    void namedHostIsFound(String entry, String host, int port) {
        assertThat(new ConnectHosts(List.of(entry)).resolve(new HostAndPort(host, port)))
                .satisfies(address -> {
                    assertThat(address.isUnresolved()).isFalse();
                    assertThat(address.getPort()).isEqualTo(port);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, 444",
        "192.0.2.7:5000, 192.0.2.7, 443",
        "192.0.2.7, 192.0.2.8, 443",
        "*.2.7:443, 192.0.2.7, 80",
        "*.0.2.7, 0.2.7, 443",
        "*.2.7, 192.0.22.7, 443"
    })
    void anyOtherIsNot(String entry, String host, int port) {
        assertThatThrownBy(() -> new ConnectHosts(List.of(entry)).resolve(new HostAndPort(host, port)))
                .isInstanceOf(OutboundException.NotAllowed.class)
                .hasMessageContaining("connect-hosts");
    }

    /// Who owns a name decides its address: a wildcard must not let him into the operator's network.
    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"
            })
    void wildcardLeadsIntoNoPrivateNetwork(String address) {
        ConnectHosts hosts = new ConnectHosts(List.of("*.0", "*.1", "*.254"));

        assertThatThrownBy(() -> hosts.resolve(new HostAndPort(address, 443)))
                .isInstanceOf(OutboundException.NotAllowed.class)
                .hasMessageContaining("private network (expected: connect-hosts names it exactly)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*.*.test", "a.test:", "a.test:0", "a.test:99999", "https://a.test", "a_b", "a b"})
    void entryThatIsNoneIsRefused(String entry) {
        assertThatThrownBy(() -> new ConnectHosts(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connect-hosts: " + entry + " (expected: host, host:port or *.suffix)");
    }

    @Test
    void connectionThatStandsStillEnds() throws IOException {
        try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            OutboundLimits limits = new OutboundLimits(1, 1, Duration.ofSeconds(10), Duration.ofMillis(100));
            Outbound outbound = new Outbound(new ConnectHosts(List.of("127.0.0.1:" + host.getLocalPort())), limits);
            HostAndPort target = new HostAndPort("127.0.0.1", host.getLocalPort());

            try (OutboundConnection connection = outbound.open("realm-1", target)) {
                assertThatThrownBy(() -> outbound.open("realm-2", target))
                        .isInstanceOf(OutboundException.TooMany.class);
                assertThatThrownBy(() -> connection.read(new byte[1]))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("nothing has moved");
            }
            outbound.open("realm-2", target).close();
        }
    }
}
