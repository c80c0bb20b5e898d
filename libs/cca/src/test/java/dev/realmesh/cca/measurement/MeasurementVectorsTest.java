// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.testkit.Vectors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Measurements against what TF-RMM computed; whole Realms are measured in host-node's tests.
class MeasurementVectorsTest {
    @Test
    void startsFromTheFeaturesAsTfRmmDoes() {
        JsonNode cases = read("rmm/rim-params.json").get("realmCreate");
        assertThat(cases).hasSize(24);
        for (JsonNode each : cases) {
            byte[] rim = new RealmInitialMeasurement(features(each.get("params")))
                    .value()
                    .padded(64);
            assertThat(HexFormat.of().formatHex(rim))
                    .as("%s", each)
                    .isEqualTo(each.get("rim").asString());
        }
    }

    @Test
    void extendsRegistersFromTheirOldValue() {
        JsonNode chains = read("rmm/rem.json").get("rem");
        assertThat(chains).hasSize(2);
        for (JsonNode chain : chains) {
            HashAlgorithm algorithm =
                    HashAlgorithm.of(chain.get("hashAlgo").asInt()).orElseThrow();
            Map<Integer, RealmExtensibleMeasurement> registers = new HashMap<>();
            for (JsonNode step : chain.get("steps")) {
                byte[] value = Arrays.copyOf(
                        HexFormat.of().parseHex(step.get("value").asString()),
                        step.get("size").asInt());
                RealmExtensibleMeasurement extended = registers
                        .getOrDefault(step.get("index").asInt(), RealmExtensibleMeasurement.initial(algorithm))
                        .extended(value);
                registers.put(step.get("index").asInt(), extended);
                assertThat(extended.value())
                        .as("%s", step)
                        .isEqualTo(Digest.fromHex(step.get("rem").asString()));
            }
        }
    }

    private static RealmFeatures features(JsonNode params) {
        return new RealmFeatures(
                params.get("flags").asLong(),
                params.get("s2sz").asInt(),
                params.get("sve_vl").asInt(),
                params.get("num_bps").asInt(),
                params.get("num_wps").asInt(),
                params.get("pmu_num_ctrs").asInt(),
                params.get("hash_algo").asInt());
    }

    private static JsonNode read(String vector) {
        return JsonMapper.shared().readTree(Vectors.text(vector));
    }
}
