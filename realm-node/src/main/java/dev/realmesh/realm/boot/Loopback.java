// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import java.io.IOException;
import java.net.NetworkInterface;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Realm's only network interface. A sandbox by bwrap raises it; after plain `unshare` it is down, and Java
/// libraries
/// that list interfaces fail.
final class Loopback {
    private static final Logger LOG = LoggerFactory.getLogger(Loopback.class);

    private Loopback() {}

    /// Raises `lo` if it is down; a Realm without it still runs containers, so failure is only told.
    static void ensureUp() {
        try {
            NetworkInterface loopback = NetworkInterface.getByName("lo");
            if (loopback != null && loopback.isUp()) {
                return;
            }
            int exit = new ProcessBuilder("ip", "link", "set", "lo", "up")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                LOG.warn("lo is down, and ip link set lo up ended with {} (expected: 0)", exit);
            }
        } catch (IOException e) {
            LOG.warn("lo is down and was not raised: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
