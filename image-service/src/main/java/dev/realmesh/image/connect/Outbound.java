// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Makes connections outwards, within limits. Thread-safe.
public final class Outbound {
    private final ConnectHosts allowed;
    private final OutboundLimits limits;
    private final Semaphore free;
    private final Map<String, Integer> byRealm = new ConcurrentHashMap<>();

    /// @param allowed where Realms may go
    public Outbound(ConnectHosts allowed, OutboundLimits limits) {
        this.allowed = allowed;
        this.limits = limits;
        this.free = new Semaphore(limits.ofAll());
    }

    /// Connects a Realm.
    ///
    /// @param realm its id
    /// @throws OutboundException if it is not connected
    public OutboundConnection open(String realm, HostAndPort target) {
        InetSocketAddress address = allowed.resolve(target);
        take(realm);
        Socket socket = new Socket();
        try {
            socket.connect(address, Math.toIntExact(limits.connect().toMillis()));
            socket.setTcpNoDelay(true);
            return new OutboundConnection(socket, limits.idle(), () -> giveBack(realm));
        } catch (IOException e) {
            giveBack(realm);
            OutboundConnection.closeQuietly(socket);
            throw new OutboundException.Unreachable(target, e);
        }
    }

    private void take(String realm) {
        if (!free.tryAcquire()) {
            throw new OutboundException.TooMany("all Realms", limits.ofAll());
        }
        if (byRealm.merge(realm, 1, Integer::sum) > limits.ofRealm()) {
            giveBack(realm);
            throw new OutboundException.TooMany("this Realm", limits.ofRealm());
        }
    }

    private void giveBack(String realm) {
        byRealm.computeIfPresent(realm, (id, count) -> count == 1 ? null : count - 1);
        free.release();
    }
}
