// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.eventlog.EventLog;
import dev.realmesh.cca.eventlog.EventLogReplay;
import dev.realmesh.host.machine.guest.ShellGuest;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A Realm that boots by firmware: the firmware takes kernel and initrd from the host, and what it measures is what
/// `realmesh measure` foretells.
@Timeout(120)
class FirmwareBootTest {
    private static final String SCRIPT = "echo works on $REALM_CPUS";

    private final FirmwareFixture realms = new FirmwareFixture();

    @AfterEach
    void close() {
        realms.close();
    }

    @ParameterizedTest
    @EnumSource
    void measuresWhatWasForetoldAndRunsIt(HashAlgorithm algorithm) {
        PlannedRealm planned = FirmwareFixture.plan(algorithm, ShellGuest.initrd(SCRIPT));

        FirmwareFixture.Ended ended = realms.run(planned);

        assertThat(realms.console)
                .contains("works on 1")
                .first()
                .asString()
                .matches("guest firmware: kernel of 4096 bytes, initrd of [0-9]+ bytes measured into REM\\[0]");
        assertThat(ended.realm().initialMeasurement()).isEqualTo(OfflineMeasurement.of(planned.plan()));
        assertThat(ended.realm().extensibleMeasurements())
                .isEqualTo(OfflineMeasurement.registers(planned.plan(), planned.extensions()));
        assertThat(ended.realm().translation().sharedBytes()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void leavesALogThatReplaysToTheMeasurements(HashAlgorithm algorithm) {
        PlannedRealm planned = FirmwareFixture.plan(algorithm, ShellGuest.initrd(SCRIPT));

        FirmwareFixture.Ended ended = realms.run(planned);

        EventLog log = EventLog.read(ended.log());
        assertThat(EventLogReplay.rim(log, FirmwareFixture.images(planned.plan())))
                .isEqualTo(ended.realm().initialMeasurement());
        assertThat(EventLogReplay.registers(log, algorithm))
                .isEqualTo(ended.realm().extensibleMeasurements());
    }

    @Test
    void measuresAnotherInitrdIntoAnotherRemUnderTheSameRim() {
        byte[] initrd = ShellGuest.initrd(SCRIPT);
        FirmwareFixture.Ended genuine = realms.run(FirmwareFixture.plan(HashAlgorithm.SHA_512, initrd));
        initrd[initrd.length - 1] ^= 1;

        FirmwareFixture.Ended changed = realms.run(FirmwareFixture.plan(HashAlgorithm.SHA_512, initrd));

        assertThat(realms.console).filteredOn(line -> line.equals("works on 1")).hasSize(2);
        assertThat(changed.realm().initialMeasurement())
                .isEqualTo(genuine.realm().initialMeasurement());
        assertThat(changed.realm().extensibleMeasurements().getFirst())
                .isNotEqualTo(genuine.realm().extensibleMeasurements().getFirst());
    }
}
