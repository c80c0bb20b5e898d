// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.connect;

import java.util.Locale;
import java.util.regex.Pattern;

/// Where a connection is to go.
///
/// @param host a DNS name or an address as text, IPv6 in brackets; lower case
/// @param port 1 to 65 535
public record HostAndPort(String host, int port) {
    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*|\\[[0-9a-f:.]{2,45}]");

    /// @throws OutboundException.BadTarget if it is none
    public HostAndPort {
        host = host.toLowerCase(Locale.ROOT);
        if (!HOST.matcher(host).matches()) {
            throw new OutboundException.BadTarget("host (expected: a DNS name or an address)");
        }
        if (port < 1 || port > 65_535) {
            throw new OutboundException.BadTarget("port: " + port + " (expected: 1-65535)");
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
