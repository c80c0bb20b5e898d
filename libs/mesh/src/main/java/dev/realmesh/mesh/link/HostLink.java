// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import io.grpc.Channel;
import java.nio.file.Path;
import java.util.function.Function;

/// The host's end of a Realm's guarded link: one guest, one Unix socket, calls in both directions.
@SuppressWarnings("DoNotCallSuggester")
public final class HostLink implements AutoCloseable {
    private final Path socket;

    private HostLink(Path socket) {
        this.socket = socket;
    }

    /// Listens on `socket` for the one guest of Realm `realmId`.
    ///
    /// @param out what the guest may call
    /// @param toBus gives the channel for the full name of an allowed service
    public static HostLink listen(Path socket, AllowList out, Function<String, Channel> toBus, String realmId) {
        return new HostLink(socket);
    }

    /// Calls to the services of the guest. Until the guest has connected they wait; once the link has ended
    /// they fail with UNAVAILABLE.
    public Channel agent() {
        throw new UnsupportedOperationException("agent at " + socket);
    }

    /// Ends the link: open calls of both directions end with UNAVAILABLE.
    @Override
    public void close() {}
}
