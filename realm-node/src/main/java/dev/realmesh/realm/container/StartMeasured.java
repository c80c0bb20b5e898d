// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.nio.file.Files;

/// Starts containers, each one measured before anything of it runs.
public final class StartMeasured {
    private final MeasureContainer measure;
    private final StartContainer start;

    public StartMeasured(MeasureContainer measure, StartContainer start) {
        this.measure = measure;
        this.start = start;
    }

    StartContainer.Started start(PreparedContainer container) {
        try {
            Files.deleteIfExists(container.bundle().pidFile());
        } catch (IOException e) {
            throw new ContainerException.RuntimeFailed(container.bundle().pidFile() + ": " + e.getMessage(), e);
        }
        measure.measure(container.image());
        return start.start(container.bundle(), container.options().streams());
    }
}
