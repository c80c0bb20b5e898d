// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.eventlog.RealmEvent.Created;
import dev.realmesh.cca.eventlog.RealmEvent.ImageLoaded;
import dev.realmesh.cca.eventlog.RealmEvent.Monitor;
import dev.realmesh.cca.eventlog.RealmEvent.RamInitialized;
import dev.realmesh.cca.eventlog.RealmEvent.RecCreated;
import dev.realmesh.cca.measurement.PageSource;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.testkit.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Logs in the crypto-agile format of TCG, and what they lead to.
class EventLogTest {
    private static final Bytes HASH = Bytes.ofHex("aa").padTo(32);
    private static final RealmFeatures FEATURES = new RealmFeatures(0, 48, 0, 5, 3, 0, 0);

    /// Header with two algorithms, "VM VERSION" and REALM_CREATE, as `realm-measurements`' own test builds them, byte
    /// by
    /// byte: digests of SHA-256 alone, one of a tag that is zero.
    private static final String LOG_OF_UPSTREAMS_TEST = "00000000" + "03000000" + "00".repeat(20) + "25000000"
            + "53706563204944204576656e74303300" + "00000000" + "00026a02" + "02000000" + "0b002000" + "0d004000" + "00"
            + "00000000" + "06000000" + "01000000" + "0b00" + "00".repeat(32) + "16000000" + "01000000" + "0e000000"
            + "0000000000000000" + "300005030000";

    @Test
    void replaysTheLogOfUpstreamsTestToItsRim() {
        EventLog log = EventLog.read(Bytes.ofHex(LOG_OF_UPSTREAMS_TEST).toByteArray());

        String expected = JsonMapper.shared()
                .readTree(Vectors.text("rmm/rim-upstream.json"))
                .at("/paramsOnly/0/rimBase64")
                .asString();
        assertThat(EventLogReplay.rim(log, Map.of()))
                .isEqualTo(Digest.copyOf(Base64.getDecoder().decode(expected)));
    }

    @ParameterizedTest
    @MethodSource("events")
    void readsWhatItWrote(RealmEvent event) {
        EventLog log = EventLog.sha256(List.of(event.toEvent()));

        EventLog read = EventLog.read(Arrays.copyOf(log.encode(), 4096));

        assertThat(read.events()).hasSize(1);
        assertThat(RealmEvent.of(read.events().getFirst())).isEqualTo(event);
        assertThat(read.encode()).isEqualTo(log.encode());
    }

    static Stream<RealmEvent> events() {
        return Stream.of(
                new Monitor("kvmtool", "3.18", 1L << 30, 4),
                new Created(new RealmFeatures(7, 41, 15, 5, 3, 6, 1)),
                new RamInitialized(1L << 31, 1L << 28),
                new RecCreated(0x8000_0000L, GeneralRegisters.of(1, 2, 3, 4, 5, 6, 7, 8)),
                new ImageLoaded("KERNEL", 0x8000_0000L, 1234, List.of(new LogDigest(LogDigest.SHA_256, HASH))),
                new ImageLoaded("FIRMWARE", 0, 1234, List.of(new LogDigest(LogDigest.SHA_256, HASH))),
                new ImageLoaded("LOG", 0x9000_0000L, 65536, List.of()));
    }

    @Test
    void writesWhatTheFormatAsksFor() {
        byte[] log = EventLog.sha256(List.of(
                        new ImageLoaded("DTB", 0x4820_0000L, 7009, List.of(new LogDigest(LogDigest.SHA_256, HASH)))
                                .toEvent()))
                .encode();

        assertThat(Bytes.copyOf(log).hex())
                .isEqualTo("00000000" + "03000000" + "00".repeat(20) + "21000000" + "53706563204944204576656e74303300"
                        + "00000000" + "00026a02" + "01000000" + "0b002000" + "00"
                        + "00000000" + "13000000" + "01000000" + "0b00" + HASH.hex() + "14000000"
                        + "03445442" + "0000204800000000" + "611b000000000000");
    }

    /// kvmtool tells how many counters there are though there are no performance monitors.
    @Test
    void takesNoNotionOfWhatIsOff() {
        LogEvent event = new Created(new RealmFeatures(0, 33, 3, 5, 3, 6, 0)).toEvent();

        assertThat(RealmEvent.of(event)).isEqualTo(new Created(new RealmFeatures(0, 33, 0, 5, 3, 0, 0)));
    }

    @Test
    void replaysRegistersByTheMapOfUefi() {
        List<LogEvent> events = new ArrayList<>();
        for (int register : new int[] {0, 1, 7, 4, 9, 20}) {
            events.add(new LogEvent(register, 0xD, List.of(new LogDigest(LogDigest.SHA_256, HASH)), Bytes.EMPTY));
        }
        events.add(new LogEvent(1, LogEvent.NO_ACTION, List.of(), Bytes.EMPTY));

        List<Digest> registers = EventLogReplay.registers(EventLog.sha256(events), HashAlgorithm.SHA_512);

        RealmExtensibleMeasurement once =
                RealmExtensibleMeasurement.initial(HashAlgorithm.SHA_512).extended(HASH.toByteArray());
        assertThat(registers)
                .containsExactly(once.extended(HASH.toByteArray()).value(), once.value(), once.value(), once.value());
    }

    @Test
    void extendsByTheDigestOfTheRealmsAlgorithm() {
        Bytes other = Bytes.ofHex("bb").padTo(64);
        LogEvent event = new LogEvent(
                1, 0xD, List.of(new LogDigest(LogDigest.SHA_256, HASH), new LogDigest(LogDigest.SHA_512, other)), HASH);
        EventLog log = new EventLog(Map.of(LogDigest.SHA_256, 32, LogDigest.SHA_512, 64), List.of(event));

        assertThat(EventLogReplay.registers(log, HashAlgorithm.SHA_512).getFirst())
                .isEqualTo(RealmExtensibleMeasurement.initial(HashAlgorithm.SHA_512)
                        .extended(other.toByteArray())
                        .value());
    }

    @Test
    void knowsNoRimWithoutAllImages() {
        EventLog log = log(
                new Created(FEATURES),
                new ImageLoaded("KERNEL", 0x8000_0000L, 5, List.of(new LogDigest(LogDigest.SHA_256, HASH))));

        assertThatThrownBy(() -> EventLogReplay.rim(log, Map.of()))
                .isInstanceOf(EventLogException.UnknownImage.class)
                .hasMessage("event log: KERNEL at 0x80000000 with digest " + HASH.hex()
                        + " (expected: one of the reference images)");
        assertThat(EventLogReplay.rim(log, Map.of(HASH, zeroes(5)))).isNotNull();
        assertThatThrownBy(() -> EventLogReplay.rim(log, Map.of(HASH, zeroes(6))))
                .isInstanceOf(EventLogException.Malformed.class);
    }

    @Test
    void knowsNoRimOfAnUnfinishedLog() {
        assertThatThrownBy(() -> EventLogReplay.rim(log(), Map.of())).isInstanceOf(EventLogException.Incomplete.class);
        assertThatThrownBy(() -> EventLogReplay.rim(log(new RamInitialized(0, 4096)), Map.of()))
                .isInstanceOf(EventLogException.Incomplete.class);
        assertThatThrownBy(() -> EventLogReplay.rim(log(new Created(FEATURES), new Created(FEATURES)), Map.of()))
                .isInstanceOf(EventLogException.Incomplete.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 4096", "4096, 1", "-4096, 4096", "4096, -4096", "4096, 0x7ffffffffffff000"})
    void refusesRamThatCannotBe(String base, String size) {
        EventLog log = log(new Created(FEATURES), new RamInitialized(Long.decode(base), Long.decode(size)));

        assertThatThrownBy(() -> EventLogReplay.rim(log, Map.of())).isInstanceOf(EventLogException.Malformed.class);
    }

    @Test
    void isNotKeptBusyByAHostsInvention() {
        ImageLoaded huge = new ImageLoaded("LOG", 0, 3L << 30, List.of());
        EventLog log = log(new Created(FEATURES), new ImageLoaded("LOG", 0, 5L << 30, List.of()));
        EventLog twice = log(new Created(new RealmFeatures(0, 31, 0, 5, 3, 0, 0)), huge, huge);

        assertThatThrownBy(() -> EventLogReplay.rim(log, Map.of())).isInstanceOf(EventLogException.Malformed.class);
        assertThatThrownBy(() -> EventLogReplay.rim(twice, Map.of())).isInstanceOf(EventLogException.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 28, 31, 40, 64, 66, 74, 80, 110, 121})
    void refusesALogThatIsCutOff(int length) {
        byte[] log = Bytes.ofHex(LOG_OF_UPSTREAMS_TEST).toByteArray();

        assertThatThrownBy(() -> EventLog.read(Arrays.copyOf(log, length)))
                .isInstanceOf(EventLogException.Malformed.class);
    }

    @Test
    void refusesALogThatIsTooLong() {
        assertThatThrownBy(() -> EventLog.read(new byte[EventLog.MAX_BYTES + 1]))
                .isInstanceOf(EventLogException.Malformed.class);
    }

    private static EventLog log(RealmEvent... events) {
        return EventLog.sha256(Arrays.stream(events).map(RealmEvent::toEvent).toList());
    }

    private static PageSource zeroes(long size) {
        return new PageSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void readPage(long offset, byte[] page) {
                Arrays.fill(page, (byte) 0);
            }
        };
    }
}
