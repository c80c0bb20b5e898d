// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a node makes of what others say they serve.
@Timeout(30)
class DirectoryExchangeTest {
    private static Cluster cluster;
    private static Bus bus;

    @BeforeAll
    static void join() {
        cluster = Cluster.join(ClusterConfig.loopback("exchange", 5851, List.of("127.0.0.1:5851")));
        bus = Bus.join(cluster);
    }

    @AfterAll
    static void leave() {
        cluster.vertx().close().await();
    }

    @Test
    void answersWithWhatItServes() {
        BusListener instance = bus.listener("answering");
        instance.announce();

        assertThat(tell("other\n1\n").lines()).startsWith(cluster.node()).contains(instance.instance());
    }

    /// It may have left before its last words came.
    @Test
    void whoIsNoMemberServesNothing() {
        tell("ghost\n1\nbroker@ghost-1");

        assertThat(bus.directory().instances("broker")).isEmpty();
    }

    @Test
    void whatIsNoAnnouncementIsRefused() {
        assertThatThrownBy(() -> tell("ghost"))
                .isInstanceOf(ReplyException.class)
                .hasMessageContaining("announcement");
    }

    private static String tell(String text) {
        EventBus eventBus = cluster.vertx().eventBus();
        return eventBus.<String>request("rm.directory." + cluster.node(), text)
                .await()
                .body();
    }
}
