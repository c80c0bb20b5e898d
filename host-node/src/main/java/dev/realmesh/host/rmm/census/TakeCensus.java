// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.census;

import dev.realmesh.cca.Digest;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.GranuleTable;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmMeasurements;
import dev.realmesh.host.rmm.realm.RealmTable;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rec.RecTable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Counts granules and Realms. Each Realm and each REC is looked at under its own lock, one after the other, so that
/// commands wait for no more than that.
///
/// @param granules all granules
/// @param realms all Realms
/// @param recs all RECs
public record TakeCensus(GranuleTable granules, RealmTable realms, RecTable recs) {
    /// The census now.
    public Census take() {
        List<RealmCensus> counted = realms.all().stream()
                .sorted(Comparator.comparing(realm -> realm.descriptor().address()))
                .flatMap(realm -> count(realm).stream())
                .toList();
        return new Census(granules.countByState(), counted);
    }

    /// Empty if the Realm is gone meanwhile.
    private Optional<RealmCensus> count(Realm realm) {
        List<RecCensus> processors = recs.of(realm).stream()
                .sorted(Comparator.comparingLong(Rec::mpidr))
                .flatMap(rec -> count(rec).stream())
                .toList();
        Optional<Hold> hold = granules.lock(new Claim(realm.descriptor(), GranuleState.RD));
        if (hold.isEmpty()) {
            return Optional.empty();
        }
        try (Hold held = hold.get()) {
            held.requireLocked(realm.descriptor());
            List<Digest> measurements = IntStream.range(0, RealmMeasurements.SLOTS)
                    .mapToObj(realm.measurements()::read)
                    .toList();
            return Optional.of(new RealmCensus(
                    realm.descriptor().address(),
                    realm.state(),
                    measurements.getFirst(),
                    measurements.subList(1, measurements.size()),
                    new CountTables(realm.translation()).count(),
                    processors,
                    realm.exits().byReason()));
        }
    }

    private Optional<RecCensus> count(Rec rec) {
        return granules.lock(new Claim(rec.granule(), GranuleState.REC)).map(hold -> {
            try (hold) {
                return new RecCensus(rec.granule().address(), rec.mpidr(), activity(rec));
            }
        });
    }

    private static RecCensus.Activity activity(Rec rec) {
        if (rec.isRunning()) {
            return RecCensus.Activity.RUNNING;
        }
        return switch (rec.pending()) {
            case PendingOperation.Psci call -> RecCensus.Activity.WAITING_FOR_PSCI;
            case PendingOperation.None none -> rec.isRunnable() ? RecCensus.Activity.RUNNABLE : RecCensus.Activity.OFF;
            case PendingOperation.SharedAccess access -> RecCensus.Activity.WAITING;
            case PendingOperation.HostCall call -> RecCensus.Activity.WAITING;
            case PendingOperation.RipasChange change -> RecCensus.Activity.WAITING;
        };
    }
}
