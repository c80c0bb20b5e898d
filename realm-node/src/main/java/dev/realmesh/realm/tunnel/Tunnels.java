// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.tunnel;

/// Connects to hosts outside, through the Realm's own: whatever goes through is for everybody to read and to change.
@FunctionalInterface
public interface Tunnels {
    /// Opens a tunnel; the caller closes it.
    ///
    /// @param host a DNS name or an address as text, IPv6 in brackets
    /// @throws TunnelException if it is not opened
    Tunnel open(String host, int port);
}
