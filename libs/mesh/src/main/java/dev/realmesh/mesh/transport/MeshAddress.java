// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import java.net.SocketAddress;

/// Where a server listens: a name that the carrier understands.
public final class MeshAddress extends SocketAddress {
    private final String name;

    /// The address called `name`.
    public MeshAddress(String name) {
        this.name = name;
    }

    /// The name.
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MeshAddress that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
