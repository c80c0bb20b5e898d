// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.census;

import dev.realmesh.host.rmm.granule.GranuleState;
import java.util.List;
import java.util.Map;

/// All granules and Realms at about one time: commands that run meanwhile may be in one part and not in another.
///
/// @param granules how many granules there are in each state; all states are there
/// @param realms all Realms, by the addresses of their descriptors
public record Census(Map<GranuleState, Long> granules, List<RealmCensus> realms) {
    public Census {
        granules = Map.copyOf(granules);
        realms = List.copyOf(realms);
    }
}
