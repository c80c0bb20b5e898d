// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.config.Default;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The cluster that a node joins; section `mesh.cluster`.
///
/// @param name name of the cluster; members of another name are not joined; `name`, default realmesh
/// @param host address of this node's member and bus ports: a literal of one of its interfaces; `host`,
///     default 127.0.0.1
/// @param port first port to try for the member; `port`, default 5701
/// @param members where other members listen, `host` or `host:port`; `members`, default none, which makes a
///     cluster of one that others may join
/// @param interfaces pattern of the addresses that the member may bind and announce, such as `172.*.*.*`;
///     `interfaces`, absent: `host`. In a container network give the subnet: with the container's own address
///     members stay clusters of one
/// @param busPort port of the event bus, 0 for any free one; `bus-port`, default 0
/// @param tls mutual TLS of the event bus; `tls`, absent: plain, for loopback and tests
public record ClusterConfig(
        @Default("realmesh") String name,
        @Default("127.0.0.1") String host,
        @Default("5701") int port,
        @Default("") List<String> members,
        Optional<String> interfaces,
        @Default("0") int busPort,
        Optional<BusTls> tls) {
    public ClusterConfig {
        members = List.copyOf(members);
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: blank (expected: the cluster's name)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1-65535)");
        }
        if (busPort < 0 || busPort > 65_535) {
            throw new IllegalArgumentException("bus-port: " + busPort + " (expected: 0-65535)");
        }
    }

    /// A member on loopback.
    public static ClusterConfig loopback(String name, int port, List<String> members) {
        return new ClusterConfig(name, "127.0.0.1", port, members, Optional.empty(), 0, Optional.empty());
    }

    /// Mutual TLS between the nodes of a mesh; section `mesh.cluster.tls`. Whoever holds a certificate of
    /// `trust` is a node of the mesh (host names are not compared): a private CA that signs nodes only.
    ///
    /// @param certificate PEM chain of this node; `certificate`
    /// @param key PEM PKCS#8 private key; `key`
    /// @param trust PEM certificate of the CA that signs mesh nodes and nothing else; `trust`
    public record BusTls(Path certificate, Path key, Path trust) {}
}
