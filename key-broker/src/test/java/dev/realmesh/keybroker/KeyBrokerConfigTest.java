// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.keybroker.vault.VaultConfig;
import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.mesh.config.Configuration;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

    @Test
    void bindsFromYamlAndTheEnvironment() {
        KeyBrokerConfig config = bind(
                "key-broker: {state-folder: /state, ear-signer-keys: [a.jwk, b.jwk], session-time: 90s}",
                Map.of(
                        "REALMESH_KEY_BROKER_SESSION_TIME", "2m",
                        "REALMESH_KEY_BROKER_REQUIRE_PINNED_IDENTITY", "false",
                        "REALMESH_KEY_BROKER_VERIFIER_TIMEOUT", "500ms"));

        assertThat(config.stateFolder()).isEqualTo(Path.of("/state"));
        assertThat(config.earSignerKeys()).containsExactly(Path.of("a.jwk"), Path.of("b.jwk"));
        assertThat(config.sessionTime()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.verifierTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.requirePinnedIdentity()).isFalse();
        assertThat(config.maxSessions()).isEqualTo(4096);
    }

    @Test
    void eachMistakeInTheYamlHasItsMessage() {
        assertThatThrownBy(() -> bind(
                        "key-broker: {ear-signer-keys: [a.jwk], session-time: 90, max-sessions: many, master-key: x}",
                        Map.of("REALMESH_KEY_BROKER_REQUIRE_PINNED_IDENTITY", "maybe")))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.mistakes().stream()
                                        .map(mistake -> mistake.substring(0, mistake.indexOf(": "))))
                                .containsExactlyInAnyOrder(
                                        "key-broker.state-folder",
                                        "key-broker.session-time",
                                        "key-broker.max-sessions",
                                        "key-broker.require-pinned-identity",
                                        "key-broker.master-key"));
    }

    @Test
    void bindsAVaultThatKeepsSecretsOrWrapsTheMasterKey() {
        String start = "key-broker: {state-folder: /state, ear-signer-keys: [a.jwk], vault: {"
                + "address: 'https://vault:8200', token-file: t, ";
        assertThat(bind(start + "kv: {engine-version: 1}}}", Map.of())
                        .vault()
                        .orElseThrow()
                        .kv())
                .contains(new VaultConfig.Kv("secret", 1));
        assertThat(bind(start + "transit: {key: realmesh}}}", Map.of())
                        .vault()
                        .orElseThrow()
                        .transit())
                .contains(new VaultConfig.Transit("transit", "realmesh"));
        for (String wrong : List.of(
                "}}",
                "kv: {}, transit: {key: a}}}",
                "kv: {}, app-role: {role-id: r, secret-id-file: s}}}",
                "kv: {engine-version: 3}}}",
                "kv: {}}, master-key-file: m}")) {
            assertThatThrownBy(() -> bind(start + wrong, Map.of())).isInstanceOf(ConfigException.class);
        }
    }

    private static KeyBrokerConfig bind(String yaml, Map<String, String> environment) {
        return Configuration.parse(yaml, environment).bind("key-broker", KeyBrokerConfig.class);
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
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + ": ");
    }
}
