// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realmesh.mesh.MeshConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// YAML and environment, bound to records.
class ConfigurationTest {
    record Broker(
            @Default("5m") Duration sessionTtl,
            Optional<Path> store,
            @Default("") List<String> needs,
            Limits limits,
            @Default("strict") Mode mode) {
        Broker {
            if (sessionTtl.isZero()) {
                throw new IllegalArgumentException("session-ttl: 0s (expected: 1s or more)");
            }
        }
    }

    record Limits(int maxBytes, @Default("3") int retries) {}

    enum Mode {
        STRICT,
        VERY_STRICT
    }

    @Test
    void bindsSectionWithDefaults() {
        Broker broker = bind("broker: {limits: {max-bytes: 10}, store: /var/lib/x, needs: [a, b]}", Map.of());
        assertThat(broker)
                .isEqualTo(new Broker(
                        Duration.ofMinutes(5),
                        Optional.of(Path.of("/var/lib/x")),
                        List.of("a", "b"),
                        new Limits(10, 3),
                        Mode.STRICT));
    }

    @Test
    void environmentOverridesFile() {
        Broker broker = bind(
                "broker: {limits: {max-bytes: 10}}",
                Map.of(
                        "REALMESH_BROKER_LIMITS_MAX_BYTES", "20",
                        "REALMESH_BROKER_NEEDS", "x, y",
                        "REALMESH_BROKER_SESSION_TTL", "500ms",
                        "REALMESH_BROKER_STORE", "/tmp/s",
                        "REALMESH_BROKER_MODE", "very-strict"));
        assertThat(broker)
                .isEqualTo(new Broker(
                        Duration.ofMillis(500),
                        Optional.of(Path.of("/tmp/s")),
                        List.of("x", "y"),
                        new Limits(20, 3),
                        Mode.VERY_STRICT));
    }

    @Test
    void namesEveryMistake() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(
                        () -> bind("broker: {limits: {retries: many, extra: 1}, session-ttl: 5, mode: lax}", Map.of()))
                .satisfies(e -> assertThat(e.mistakes())
                        .containsExactlyInAnyOrder(
                                "broker.session-ttl: 5 (expected: a number with ms, s, m, h or d)",
                                "broker.limits.max-bytes: missing (expected: a whole number)",
                                "broker.limits.retries: many (expected: a whole number)",
                                "broker.limits.extra: unknown key (expected: one of max-bytes, retries)",
                                "broker.mode: lax (expected: strict, very-strict)"));
    }

    @Test
    void passesOnWhatRecordRefuses() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> bind("broker: {limits: {max-bytes: 1}, session-ttl: 0s}", Map.of()))
                .withMessage("broker.session-ttl: 0s (expected: 1s or more)");
    }

    @Test
    void refusesWhatIsNoMapping() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> bind("- a", Map.of()));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> bind("broker: [", Map.of()));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> bind("broker: 5", Map.of()));
    }

    @Test
    void defaultsFillInWhatIsMissingAndLeaveANothing() {
        Map<String, String> defaults = Map.of("broker.session-ttl", "9s", "broker.limits.max-bytes", "7");

        Broker broker = Configuration.parse("broker: {session-ttl: 5s}", Map.of())
                .withDefaults(defaults)
                .bind("broker", Broker.class);
        assertThat(broker.sessionTtl()).isEqualTo(Duration.ofSeconds(5));
        assertThat(broker.limits().maxBytes()).isEqualTo(7);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Configuration.parse("broker: {limits: }", Map.of())
                        .withDefaults(defaults)
                        .bind("broker", Broker.class))
                .withMessageContaining("broker.limits.max-bytes: missing");
    }

    @Test
    void bindsTheMeshItself() {
        assertThat(Configuration.parse("", Map.of()).bind("mesh", MeshConfig.class))
                .isEqualTo(MeshConfig.local());
        MeshConfig config = Configuration.parse("", Map.of("REALMESH_MESH_CLUSTER_PORT", "5800"))
                .bind("mesh", MeshConfig.class);
        assertThat(config.cluster())
                .hasValueSatisfying(c -> assertThat(c.port()).isEqualTo(5800));
    }

    private static Broker bind(String yaml, Map<String, String> environment) {
        return Configuration.parse(yaml, environment).bind("broker", Broker.class);
    }
}
