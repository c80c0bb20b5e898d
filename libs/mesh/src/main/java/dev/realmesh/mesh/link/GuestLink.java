// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import io.grpc.BindableService;
import io.grpc.Channel;
import java.nio.file.Path;

/// The guest's end of its guarded link. Needs neither Vert.x nor Hazelcast on the class path.
@SuppressWarnings("DoNotCallSuggester")
public final class GuestLink implements AutoCloseable {
    private final Path socket;

    private GuestLink(Path socket) {
        this.socket = socket;
    }

    /// Connects to the host's end.
    public static GuestLink connect(Path socket) {
        return new GuestLink(socket);
    }

    /// Calls to the services that the host's allow-list admits.
    public Channel channel() {
        throw new UnsupportedOperationException("host at " + socket);
    }

    /// Starts to serve the guest's own services to the host; once in a link's life.
    public void serve(BindableService... services) {
        throw new UnsupportedOperationException(services.length + " services");
    }

    /// Ends the link.
    @Override
    public void close() {}
}
