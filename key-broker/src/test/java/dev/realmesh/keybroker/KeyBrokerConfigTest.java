// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A wrong value stops the start and names its key.
class KeyBrokerConfigTest {
    private static final Path STATE = Path.of("state");
    private static final List<Path> SIGNERS = List.of(Path.of("signer.jwk"));

    @TempDir
    Path folder;

    @Test
    void defaultsAreValid() {
        assertThat(KeyBrokerConfig.withDefaults(STATE, SIGNERS).requirePinnedIdentity())
                .isTrue();
    }

    @Test
    void eachMistakeNamesItsKey() {
        refused("ear-signer-keys", List.of(), Duration.ofMinutes(5), 16, List.of());
        refused("ear-signer-keys", Collections.nCopies(17, STATE), Duration.ofMinutes(5), 16, List.of());
        refused("session-time", SIGNERS, Duration.ofMillis(999), 16, List.of());
        refused("session-time", SIGNERS, Duration.ofHours(2), 16, List.of());
        refused("max-sessions", SIGNERS, Duration.ofMinutes(5), 0, List.of());
        refused("allowed-initdata", SIGNERS, Duration.ofMinutes(5), 16, List.of("00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "no key", "{\"kty\":\"oct\",\"k\":\"AAAA\"}"})
    void signerFileThatIsNoKeyStopsTheStartAndMakesNothing(String content) throws Exception {
        Path signer = Files.writeString(folder.resolve("signer.jwk"), content);
        Path state = folder.resolve("state");
        ManagedChannel channel = InProcessChannelBuilder.forName("none").build();

        assertThatThrownBy(() -> KeyBroker.open(
                        KeyBrokerConfig.withDefaults(state, List.of(signer)), channel, new ManualClock()))
                .isInstanceOf(IllegalArgumentException.class);
        channel.shutdownNow();
        assertThat(state).doesNotExist();
    }

    private static void refused(
            String key, List<Path> signers, Duration sessionTime, int maxSessions, List<String> allowedInitdata) {
        assertThatThrownBy(() -> new KeyBrokerConfig(
                        STATE,
                        signers,
                        sessionTime,
                        maxSessions,
                        Duration.ofSeconds(1),
                        true,
                        allowedInitdata,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + ": ");
    }
}
