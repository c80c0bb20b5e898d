// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

import java.util.List;

/// Locks on granules; closing lets them go. Who holds one proves it where a method asks for it.
public final class Hold implements AutoCloseable {
    private final List<Granule> granules;

    Hold(List<Granule> granules) {
        this.granules = granules;
    }

    /// Changes the state of a granule that is locked.
    ///
    /// @throws IllegalStateException if the state machine has no such transition, or the granule is not locked here
    public void move(Granule granule, GranuleState next) {
        requireLocked(granule);
        granule.become(next);
    }

    /// Insists that `granule` is locked.
    ///
    /// @throws IllegalStateException if it is not
    public void requireLocked(Granule granule) {
        if (!granules.contains(granule)) {
            throw new IllegalStateException("granule " + granule.address() + ": not locked (expected: locked)");
        }
    }

    @Override
    public void close() {
        granules.forEach(Granule::unlock);
    }
}
