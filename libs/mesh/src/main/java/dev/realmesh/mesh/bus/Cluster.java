// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A Vert.x, alone or a member of a cluster.
///
/// Open-source Hazelcast has neither TLS nor authentication, and its members deserialize what peers send: the
/// member's port belongs on loopback or on a network of mesh nodes only. The bus has mutual TLS if configured.
/// Nothing true lives in the cluster: it carries subscriptions of the bus, and who is a member.
///
/// @param vertx the member
/// @param node its id in the cluster; empty outside one
/// @param nodes tells who comes and goes
public record Cluster(Vertx vertx, String node, NodeWatch nodes) {
    /// A node that hangs is thrown out after so long.
    private static final int NO_HEARTBEAT_SECONDS = 15;

    private static final int BUS_PING_MILLIS = 5000;
    private static final String NODE_ID = "__vertx.nodeId";

    /// A Vert.x that is alone in its process.
    public static Cluster ofOneProcess() {
        return new Cluster(Vertx.vertx(), "", NodeWatch.ofOneNode());
    }

    /// Joins; blocks until it has.
    public static Cluster join(ClusterConfig config) {
        HazelcastClusterManager manager = new HazelcastClusterManager(hazelcast(config));
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus(config)))
                .withClusterManager(manager)
                .buildClustered()
                .await();
        Members members = new Members(manager.getHazelcastInstance().getCluster());
        members.cluster.addMembershipListener(members);
        return new Cluster(vertx, manager.getNodeId(), members);
    }

    private static EventBusOptions bus(ClusterConfig config) {
        EventBusOptions options = new EventBusOptions()
                .setHost(config.host())
                .setPort(config.busPort())
                .setClusterPingInterval(BUS_PING_MILLIS)
                .setClusterPingReplyInterval(BUS_PING_MILLIS);
        config.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString()))
                        .setTrustOptions(
                                new PemTrustOptions().addCertPath(tls.trust().toString())));
        return options;
    }

    private static Config hazelcast(ClusterConfig config) {
        Config hazelcast = new Config().setClusterName(config.name());
        maps(hazelcast);
        hazelcast
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.max.no.heartbeat.seconds", Integer.toString(NO_HEARTBEAT_SECONDS))
                .setProperty("hazelcast.heartbeat.interval.seconds", "2");
        hazelcast.getJetConfig().setEnabled(false);
        hazelcast.getSerializationConfig().setJavaSerializationFilterConfig(filter());
        NetworkConfig network =
                hazelcast.getNetworkConfig().setPort(config.port()).setPortAutoIncrement(true);
        network.getInterfaces()
                .setEnabled(true)
                .setInterfaces(List.of(config.interfaces().orElse(config.host())));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1).setMembers(config.members());
        return hazelcast;
    }

    /// The cluster manager's maps, as `default-cluster.xml` of vertx-hazelcast has them: with Hazelcast's own
    /// defaults a subscription would be lost or counted twice.
    private static void maps(Config hazelcast) {
        hazelcast.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        hazelcast.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
        hazelcast.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
    }

    private static JavaSerializationFilterConfig filter() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.getWhitelist()
                .addPrefixes("java.lang.", "java.util.", "com.hazelcast.", "io.vertx.spi.cluster.hazelcast.", "[");
        return filter;
    }

    private static final class Members extends MembershipAdapter implements NodeWatch {
        private final com.hazelcast.cluster.Cluster cluster;
        private final Set<Consumer<String>> greeters = ConcurrentHashMap.newKeySet();
        private final ConcurrentHashMap<String, Set<Runnable>> watched = new ConcurrentHashMap<>();

        Members(com.hazelcast.cluster.Cluster cluster) {
            this.cluster = cluster;
        }

        @Override
        public Runnable watch(String node, Runnable left) {
            watched.computeIfAbsent(node, n -> ConcurrentHashMap.newKeySet()).add(left);
            if (cluster.getMembers().stream().flatMap(Members::node).noneMatch(node::equals)) {
                left(node);
            }
            return () -> watched.computeIfPresent(node, (n, all) -> {
                all.remove(left);
                return all.isEmpty() ? null : all;
            });
        }

        @Override
        public Set<String> others() {
            return cluster.getMembers().stream()
                    .filter(member -> !member.localMember())
                    .flatMap(Members::node)
                    .collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public void onJoined(Consumer<String> joined) {
            greeters.add(joined);
        }

        @Override
        public void memberAdded(MembershipEvent event) {
            node(event.getMember()).forEach(node -> greeters.forEach(greet -> greet.accept(node)));
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            node(event.getMember()).forEach(this::left);
        }

        /// None for a member that only holds data.
        private static Stream<String> node(Member member) {
            return Stream.ofNullable(member.getAttribute(NODE_ID));
        }

        private void left(String node) {
            Set<Runnable> all = watched.remove(node);
            if (all != null) {
                all.forEach(Runnable::run);
            }
        }
    }
}
