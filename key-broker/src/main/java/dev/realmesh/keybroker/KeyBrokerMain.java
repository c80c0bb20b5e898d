// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.mesh.ServiceMain;
import java.time.InstantSource;

/// key-broker as a process.
public final class KeyBrokerMain {
    private KeyBrokerMain() {}

    public static void main(String[] args) {
        ServiceMain.run(
                KeyBroker.BUS_NAME,
                args,
                (configuration, node) -> KeyBroker.open(
                        configuration.bind("key-broker", KeyBrokerConfig.class),
                        node.channel("attestation-service"),
                        InstantSource.system()));
    }
}
