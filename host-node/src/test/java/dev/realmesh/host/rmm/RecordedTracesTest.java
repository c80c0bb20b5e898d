// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Vectors;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// RMI, RSI and PSCI against every result that TF-RMM 0.8 gave to the same calls (`rmm/rmi-traces.json`).
class RecordedTracesTest {
    /// Traces that do not pass yet.
    private static final Set<String> NOT_YET = Set.of();

    static Stream<Arguments> traces() {
        JsonNode traces = JsonMapper.shared()
                .readTree(Vectors.text("rmm/rmi-traces.json"))
                .get("traces");
        return StreamSupport.stream(traces.spliterator(), false)
                .map(trace -> Arguments.of(trace.get("name").asString(), trace));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("traces")
    void givesTheResultsThatTfRmmGave(String name, JsonNode trace) {
        if (NOT_YET.contains(name)) {
            assertThatThrownBy(() -> replay(trace))
                    .as("trace %s passes now: unlist it", name)
                    .isNotNull();
        } else {
            replay(trace);
        }
    }

    private static void replay(JsonNode trace) {
        try (TraceReplay replay = new TraceReplay()) {
            int number = 0;
            for (JsonNode step : trace.get("steps")) {
                replay.step(step, number++);
            }
            assertThat(number).isPositive();
        }
    }
}
