// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.connect;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The hosts that Realms may be connected to. A host that is named exactly may be anywhere; one that only a `*.suffix`
/// matches may not be on this machine or in a private network, for others than the operator decide its address.
///
/// @param entries `host`, `host:port` or `*.suffix[:port]`; without a port it is 443
public record ConnectHosts(List<String> entries) {
    private static final int HTTPS = 443;
    private static final Pattern ENTRY = Pattern.compile("(\\*\\.)?([^:*]+|\\[[^]]+])(?::(\\d{1,5}))?");

    /// @throws IllegalArgumentException if an entry is none
    public ConnectHosts {
        entries = List.copyOf(entries);
        entries.forEach(Entry::parse);
    }

    /// Where a target is; looked up once, so that what was checked is what is connected to.
    ///
    /// @throws OutboundException.NotAllowed if Realms may not go there
    /// @throws OutboundException.Unreachable if its name is not known
    InetSocketAddress resolve(HostAndPort target) {
        List<Entry> matching = entries.stream()
                .map(Entry::parse)
                .filter(entry -> entry.matches(target))
                .toList();
        if (matching.isEmpty()) {
            throw new OutboundException.NotAllowed(target);
        }
        try {
            InetAddress address = InetAddress.getByName(target.host());
            if (isInside(address) && matching.stream().allMatch(Entry::isWildcard)) {
                throw OutboundException.NotAllowed.inside(target);
            }
            return new InetSocketAddress(address, target.port());
        } catch (IOException e) {
            throw new OutboundException.Unreachable(target, e);
        }
    }

    private static boolean isInside(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc; // RFC 4193
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598
        return uniqueLocal
                || shared
                || address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress();
    }

    private record Entry(boolean isWildcard, HostAndPort host) {
        static Entry parse(String text) {
            Matcher entry = ENTRY.matcher(text.toLowerCase(Locale.ROOT));
            try {
                if (entry.matches()) {
                    int port = entry.group(3) == null ? HTTPS : Integer.parseInt(entry.group(3));
                    return new Entry(entry.group(1) != null, new HostAndPort(entry.group(2), port));
                }
            } catch (OutboundException.BadTarget e) {
                throw mistake(text, e);
            }
            throw mistake(text, null);
        }

        boolean matches(HostAndPort target) {
            boolean sameName = isWildcard
                    ? target.host().endsWith("." + host.host())
                    : target.host().equals(host.host());
            return sameName && target.port() == host.port();
        }

        private static IllegalArgumentException mistake(String text, @Nullable Throwable cause) {
            return new IllegalArgumentException(
                    "connect-hosts: " + text + " (expected: host, host:port or *.suffix)", cause);
        }
    }
}
