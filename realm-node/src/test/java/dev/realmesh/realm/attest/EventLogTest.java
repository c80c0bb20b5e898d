// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.cca.abi.SmcConduit;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.kbs.aael.AaelEntry;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.kbs.aael.AaelException;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.kbs.aael.PulledImage;
import dev.realmesh.realm.rsi.MeasurementRegister;
import dev.realmesh.realm.rsi.RsiException;
import dev.realmesh.realm.rsi.ScriptedProcessor;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Register and log tell the same, whatever happens.
@Timeout(60)
class EventLogTest {
    private static final AaelEvent EVENT = new AaelEvent("example.org", "Start", "one");

    @TempDir
    Path folder;

    private ScriptedProcessor processor;
    private EventLog log;

    @BeforeEach
    void start() throws IOException {
        processor = ScriptedProcessor.at(folder.resolve("smc.sock"));
        log = new EventLog(processor.client());
    }

    @AfterEach
    void stop() throws IOException {
        processor.close();
    }

    @Test
    void logReplaysToTheRegister() {
        log.measure(EVENT);
        log.measure(EVENT);

        assertThat(AaelLog.parse(log.toBytes()).entries()).hasSize(2);
        assertRegisterIsTheLogs();
    }

    @Test
    void eventThatTheMonitorDoesNotMeasureIsNotLogged() {
        log.measure(EVENT);
        byte[] before = log.toBytes();
        processor.bending(RsiCommand.MEASUREMENT_EXTEND, answer -> refusal());

        assertThatThrownBy(() -> log.measure(EVENT)).isInstanceOf(RsiException.Refused.class);
        assertThat(log.toBytes()).isEqualTo(before);
    }

    @Test
    void eventThatDoesNotFitIsNotMeasured() {
        AaelEvent large = new AaelEvent("d", "o", "x".repeat(AaelEvent.MAX_CONTENT_BYTES));
        for (int i = 0; i < AaelLog.MAX_BYTES / AaelEvent.MAX_CONTENT_BYTES - 1; i++) {
            log.measure(large);
        }

        assertThatThrownBy(() -> log.measure(large))
                .isInstanceOf(EventLogFullException.class)
                .hasMessageContaining("at most " + AaelLog.MAX_BYTES);
        assertRegisterIsTheLogs();
        log.measure(EVENT);
        assertRegisterIsTheLogs();
    }

    @Test
    void anImageIsInBothRegisters() {
        PulledImage image = new PulledImage("team/app:1", "sha256:" + "1".repeat(64));

        log.measure(image);

        assertThat(AaelLog.parse(log.toBytes()).entries())
                .extracting(AaelEntry::event)
                .containsExactly(image.toEvent());
        assertRegisterIsTheLogs();
        assertThat(processor.measurement(MeasurementRegister.REM3))
                .isEqualTo(RealmExtensibleMeasurement.initial(HashAlgorithm.SHA_256)
                        .extended(image.extension())
                        .value()
                        .toByteArray());
    }

    @Test
    void nobodyElseTellsOfAPull() {
        AaelEvent claimed = new AaelEvent("github.com/confidential-containers", "PullImage", "whatever");

        assertThatThrownBy(() -> log.measure(claimed)).isInstanceOf(AaelException.BadEvent.class);
        assertThat(log.toBytes()).isEmpty();
        assertThat(processor.measurement(MeasurementRegister.REM2)).isEqualTo(new byte[32]);
    }

    private void assertRegisterIsTheLogs() {
        assertThat(processor.measurement(MeasurementRegister.REM2))
                .isEqualTo(AaelLog.parse(log.toBytes()).replay(new byte[32]));
    }

    private static GeneralRegisters refusal() {
        long[] registers = new long[SmcConduit.REGISTERS];
        registers[0] = RsiStatus.ERROR_INPUT.code();
        return GeneralRegisters.of(registers);
    }
}
