// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.ManagedChannel;
import java.util.concurrent.TimeUnit;

/// The channel of a link's end.
final class LinkChannel {
    private LinkChannel() {}

    /// It never idles: a link's session is not made twice.
    static ManagedChannel over(Link link, LinkLimits limits) {
        return SessionTransport.channel("link", link.connector(), limits.session())
                .idleTimeout(365, TimeUnit.DAYS)
                .build();
    }
}
