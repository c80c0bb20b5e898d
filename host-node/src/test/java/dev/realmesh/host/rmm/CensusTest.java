// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.rmm.census.Census;
import dev.realmesh.host.rmm.census.RealmCensus;
import dev.realmesh.host.rmm.census.RecCensus;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.realm.RealmState;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The debugging port: what it counts is what commands made.
class CensusTest {
    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @Test
    void countsGranulesByState() {
        Map<GranuleState, Long> before = realms.platform.rmm.census().granules();
        assertThat(before).containsOnlyKeys(GranuleState.values());
        assertThat(before.values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(realms.platform.memory.dram().size() / PhysicalAddress.GRANULE_SIZE);
        assertThat(before)
                .containsEntry(GranuleState.RD, 3L)
                .containsEntry(GranuleState.REC, 5L)
                .containsEntry(GranuleState.REC_AUX, 80L);

        realms.succeed(RmiCommand.GRANULE_UNDELEGATE, "free");
        Map<GranuleState, Long> after = realms.platform.rmm.census().granules();
        assertThat(after.get(GranuleState.DELEGATED)).isEqualTo(before.get(GranuleState.DELEGATED) - 1);
        assertThat(after.get(GranuleState.NS)).isEqualTo(before.get(GranuleState.NS) + 1);
    }

    @Test
    void tellsOfEachRealm() {
        Census census = realms.platform.rmm.census();
        assertThat(census.realms())
                .extracting(RealmCensus::state)
                .containsExactlyInAnyOrder(RealmState.NEW, RealmState.ACTIVE, RealmState.SYSTEM_OFF);
        RealmCensus building = realm("rd");
        assertThat(building.initialMeasurement()).isEqualTo(realms.platform.rmm.measurement(building.descriptor(), 0));
        assertThat(building.extensibleMeasurements()).hasSize(4);
        assertThat(building.translation()).isEqualTo(new RealmCensus.Translation(33, Map.of(2, 8, 3, 2), 4096, 4096));
        assertThat(building.recs()).extracting(RecCensus::activity).containsExactly(RecCensus.Activity.RUNNABLE);
        assertThat(realm("active").recs())
                .extracting(RecCensus::activity)
                .containsExactly(RecCensus.Activity.RUNNABLE, RecCensus.Activity.OFF, RecCensus.Activity.RUNNABLE);
    }

    @Test
    void countsExits() {
        assertThat(realm("active").exits()).containsOnlyKeys(RecExit.Reason.values());
        long before = realm("active").exits().get(RecExit.Reason.IRQ);
        realms.succeed(RmiCommand.REC_ENTER, "rec run");
        realms.succeed(RmiCommand.REC_ENTER, "rec run");
        assertThat(realm("active").exits().get(RecExit.Reason.IRQ)).isEqualTo(before + 2);
        assertThat(realm("off").exits()).containsEntry(RecExit.Reason.PSCI, 1L);
    }

    @Test
    void seesARecThatRuns() {
        realms.whileRunning(
                "rec",
                () -> assertThat(realm("active").recs().getFirst().activity()).isEqualTo(RecCensus.Activity.RUNNING));
        assertThat(realm("active").recs().getFirst().activity()).isEqualTo(RecCensus.Activity.RUNNABLE);
    }

    private RealmCensus realm(String descriptor) {
        return realms.platform.rmm.census().realms().stream()
                .filter(realm -> realm.descriptor().value() == realms.value(descriptor))
                .findFirst()
                .orElseThrow();
    }
}
