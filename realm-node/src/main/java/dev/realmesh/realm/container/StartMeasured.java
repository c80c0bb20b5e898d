// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.aael.PulledImage;
import dev.realmesh.realm.attest.EventLog;
import java.io.IOException;
import java.nio.file.Files;

/// Starts containers, each one measured before anything of it runs.
public final class StartMeasured {
    private final EventLog events;
    private final StartContainer start;

    public StartMeasured(EventLog events, StartContainer start) {
        this.events = events;
        this.start = start;
    }

    StartContainer.Started start(PreparedContainer container) {
        try {
            Files.deleteIfExists(container.bundle().pidFile());
        } catch (IOException e) {
            throw new ContainerException.RuntimeFailed(container.bundle().pidFile() + ": " + e.getMessage(), e);
        }
        events.measure(new PulledImage(
                container.image().reference().toString(),
                container.image().digest().toString()));
        return start.start(container.bundle(), container.options().streams());
    }
}
