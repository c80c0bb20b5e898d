// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Digest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The RIM of a plan against `realm-measurements`' own, and TF-RMM's, from `rmm/rim-vmm.json`.
class OfflineMeasurementTest {
    @ParameterizedTest
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#qemuKernelBoots")
    void givesTheRimOfTheSameRealm(String name) {
        String expected = VmmVectors.named(name).get("expected").get("rim").stringValue();

        Digest rim = OfflineMeasurement.of(VmmVectors.plan(name));

        assertThat(HexFormat.of().formatHex(rim.padded(64))).isEqualTo(expected);
    }
}
