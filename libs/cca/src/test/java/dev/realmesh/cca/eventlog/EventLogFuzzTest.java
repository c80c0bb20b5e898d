// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are a log or refused by an [EventLogException], and so is what they lead to.
class EventLogFuzzTest {
    @MethodSource("logs")
    @FuzzTest
    void replays(byte[] input) {
        try {
            EventLog log = EventLog.read(input);
            if (!EventLog.read(log.encode()).equals(log)) {
                throw new AssertionError("a log reads otherwise once it is written");
            }
            EventLogReplay.registers(log, HashAlgorithm.SHA_256);
            EventLogReplay.rim(log, Map.of());
        } catch (EventLogException e) {
            return;
        }
    }

    static Stream<byte[]> logs() {
        byte[] log = EventLog.sha256(List.of(
                        new RealmEvent.Created(new RealmFeatures(7, 41, 15, 5, 3, 6, 1)).toEvent(),
                        new RealmEvent.RamInitialized(1L << 30, 1L << 30).toEvent(),
                        new RealmEvent.ImageLoaded("LOG", 1L << 30, 65536, List.of()).toEvent()))
                .encode();
        return Stream.of(log, Arrays.copyOf(log, 1024), new byte[0]);
    }
}
