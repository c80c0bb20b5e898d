// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.eventlog.EventLog;
import dev.realmesh.cca.eventlog.EventLogReplay;
import dev.realmesh.cca.eventlog.RealmEvent;
import dev.realmesh.cca.measurement.PageSource;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The log that a monitor leaves in a Realm leads a verifier, who has the images, to the Realm's RIM.
class BootLogTest {
    static Stream<Arguments> logged() {
        return VmmVectors.realms()
                .filter(each -> ((JsonNode) each.get()[1]).toString().contains("measurement-log"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logged")
    void replaysToTheRecordedRim(String name, JsonNode vector) {
        BootPlan plan = VmmVectors.plan(vector).plan();
        EventLog log =
                EventLog.read(plan.find(BootLog.NAME).orElseThrow().blob().toByteArray());

        String rim =
                HexFormat.of().formatHex(EventLogReplay.rim(log, images(plan)).padded(64));

        assertThat(rim).as(name).isEqualTo(vector.at("/expected/rim").asString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logged")
    void tellsOfTheMachine(String name, JsonNode vector) {
        BootPlan plan = VmmVectors.plan(vector).plan();
        LoadData loaded = plan.find(BootLog.NAME).orElseThrow();
        EventLog log = EventLog.read(loaded.blob().toByteArray());

        boolean kvmtool = vector.get("vmm").asString().equals("kvmtool");
        assertThat(RealmEvent.of(log.events().getFirst()))
                .as(name)
                .isEqualTo(
                        kvmtool
                                ? new RealmEvent.Monitor("kvmtool", "3.18", 1L << 30, 3)
                                : new RealmEvent.Monitor("QEMU", "9.1", 3L << 30, 8));
        assertThat(loaded.blob().size()).isEqualTo(64 << 10);
        assertThat(loaded.measured()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logged")
    void fitsIntoItsPlaceOrIsRefused(String name, JsonNode vector) {
        BootPlan plan = VmmVectors.plan(vector).plan();

        assertThatThrownBy(() -> new BootLog(name, "1", new BootPlan.Range(0, 100)).write(unlogged(plan)))
                .isInstanceOf(PlanException.DoesNotFit.class)
                .hasMessageStartingWith("event log: ");
    }

    private static BootPlan unlogged(BootPlan plan) {
        return new BootPlan(
                plan.features(),
                plan.ram(),
                plan.operations().stream()
                        .filter(operation -> !(operation instanceof LoadData data) || data.measured())
                        .toList());
    }

    private static Map<Bytes, PageSource> images(BootPlan plan) {
        Map<Bytes, PageSource> images = new HashMap<>();
        for (BootOperation operation : plan.operations()) {
            if (operation instanceof LoadData data && data.measured()) {
                images.put(
                        Bytes.copyOf(data.blob().digest(HashAlgorithm.SHA_256).toByteArray()), data.blob());
            }
        }
        return images;
    }
}
