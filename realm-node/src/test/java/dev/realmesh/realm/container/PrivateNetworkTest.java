// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Network namespaces of the machine that this runs on; skipped where it lets nobody make one.
@Timeout(60)
class PrivateNetworkTest {
    private final PrivateNetwork network = PrivateNetwork.prepare();

    @BeforeEach
    void namespaces() {
        assumeTrue(network.isPermitted(), "network namespaces");
    }

    private <T> T inNew(Supplier<T> task) {
        try (PrivateNetwork.Entered entered = network.open()) {
            return entered.run(task);
        }
    }

    @Test
    void hasLoopbackAloneAndItIsUp() {
        String devices = inNew(() -> output("ip", "-o", "link"));

        assertThat(devices.lines()).singleElement().asString().contains("lo:").contains("UP");
    }

    @Test
    void socketsOfTwoDoNotMeet() throws IOException {
        try (ServerSocket one = inNew(() -> listen(0));
                ServerSocket other = inNew(() -> listen(one.getLocalPort()))) {
            assertThat(other.getLocalPort()).isEqualTo(one.getLocalPort());
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), one.getLocalPort());
            try (Socket outside = new Socket()) {
                assertThatThrownBy(() -> outside.connect(address, 1000)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void callerStaysWhereItIs() {
        String before = output("readlink", "/proc/thread-self/ns/net");

        String inside = inNew(() -> output("readlink", "/proc/self/ns/net"));

        assertThat(inside).isNotEqualTo(before).startsWith("net:[");
        assertThat(output("readlink", "/proc/self/ns/net")).isEqualTo(before);
    }

    @Test
    void failureOfTheTaskIsTheCallers() {
        assertThatThrownBy(() -> inNew(() -> {
                    throw new ContainerException.NotRunnable("no");
                }))
                .isInstanceOf(ContainerException.NotRunnable.class)
                .hasMessage("no");
    }

    private static ServerSocket listen(int port) {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String output(String... words) {
        try {
            Process process = new ProcessBuilder(List.of(words)).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
