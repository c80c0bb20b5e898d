// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host;

import dev.realmesh.mesh.ServiceMain;
import java.time.InstantSource;

/// host-node as a process.
public final class HostMain {
    private HostMain() {}

    public static void main(String[] args) {
        ServiceMain.run(
                Host.BUS_NAME,
                args,
                (configuration, node) -> Host.open(
                        configuration.bind("host-node", HostConfig.class),
                        node.channel("key-broker"),
                        node.channel("image-service"),
                        InstantSource.system()));
    }
}
