// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.census;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.host.rmm.realm.RealmState;
import java.util.List;
import java.util.Map;

/// A Realm.
///
/// @param descriptor where its descriptor is
/// @param state its state
/// @param initialMeasurement the RIM; not final before the Realm is active
/// @param extensibleMeasurements the four REMs
/// @param translation its tables
/// @param recs its virtual processors, by their MPIDRs
/// @param exits how often they left to the host, by reason; all reasons are there
public record RealmCensus(
        PhysicalAddress descriptor,
        RealmState state,
        Digest initialMeasurement,
        List<Digest> extensibleMeasurements,
        Translation translation,
        List<RecCensus> recs,
        Map<RecExit.Reason, Long> exits) {
    public RealmCensus {
        extensibleMeasurements = List.copyOf(extensibleMeasurements);
        recs = List.copyOf(recs);
        exits = Map.copyOf(exits);
    }

    /// A Realm's stage 2, counted by a walk through all of its tables.
    ///
    /// @param ipaWidth bits of an IPA
    /// @param tables number of tables, by level; levels without tables are left out
    /// @param ownBytes bytes of the Realm's own that are mapped
    /// @param sharedBytes bytes of the host's that are mapped
    public record Translation(int ipaWidth, Map<Integer, Integer> tables, long ownBytes, long sharedBytes) {
        public Translation {
            tables = Map.copyOf(tables);
        }
    }
}
