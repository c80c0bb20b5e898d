// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.plan.PlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a host lets a Realm have: files and names, of which later ones can only lower.
class HostCapabilitiesTest {
    @Test
    void laterHostsOnlyLower() {
        HostCapabilities qemu = HostCapabilities.named("qemu-max-8.2");

        assertThat(qemu.atMost(HostCapabilities.named("fvp")).find(Capability.NUM_BPS))
                .hasValue(6);
        assertThat(qemu.atMost(HostCapabilities.named("rmm-1.0-eac5")).find(Capability.NUM_BPS))
                .hasValue(2);
        assertThat(qemu.has(Capability.LPA2)).isTrue();
        assertThat(HostCapabilities.named("kvm").atMost(qemu).has(Capability.LPA2))
                .isFalse();
    }

    @Test
    void anOptionOverrides() {
        assertThat(HostCapabilities.named("rmm-1.0-eac5")
                        .with(Capability.NUM_BPS, 9)
                        .find(Capability.NUM_BPS))
                .hasValue(9);
    }

    @Test
    void readsAFileOfRealmMeasurements(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(folder.resolve("host.conf"), "# A host\nnum_bps = 16\nlpa2 = false\nsve_vl = 512\n");

        HostCapabilities host = HostCapabilities.named(file.toString());

        assertThat(host.find(Capability.NUM_BPS)).hasValue(16);
        assertThat(host.find(Capability.LPA2)).hasValue(0);
        assertThat(host.find(Capability.SVE_VL)).hasValue(512);
        assertThat(host.find(Capability.PMU)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            num_breakpoints = 6   | capabilities: x: num_breakpoints (expected: a capability of realm-measurements)
            num_bps = true        | capabilities: x: num_bps = true (expected: a number)
            lpa2 = 1              | capabilities: x: lpa2 = 1 (expected: true or false)
            num_bps = 1           | machine: num_bps 1 (expected: 2 to 64)
            sve_vl = 100          | machine: sve_vl 100 (expected: 0, or a multiple of 128 up to 2048)
            """)
    void refusesWhatItDoesNotKnow(String line, String message) {
        assertThatThrownBy(() -> HostCapabilities.parse("x", line))
                .isInstanceOf(PlanException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"num_bps = ", "{", "num_bps = 99999999999999999999"})
    void refusesWhatIsNoToml(String line) {
        assertThatThrownBy(() -> HostCapabilities.parse("x", line)).isInstanceOf(PlanException.class);
    }

    @Test
    void refusesAHostThatIsNotThere() {
        assertThatThrownBy(() -> HostCapabilities.named("nowhere.conf"))
                .isInstanceOf(PlanException.BadCapabilities.class)
                .hasMessage("capabilities: nowhere.conf: cannot be read"
                        + " (expected: a file, or one of fvp, kvm, qemu-max-8.2, rmm-1.0-eac5)");
    }

    @Test
    void measuresCountsLessOne() {
        RealmFeatures features =
                HostCapabilities.named("fvp").atMost(Capability.IPA_BITS, 48).features(HashAlgorithm.SHA_512);

        assertThat(features)
                .isEqualTo(new RealmFeatures(
                        RealmFeatures.FLAG_LPA2 | RealmFeatures.FLAG_SVE | RealmFeatures.FLAG_PMU,
                        48,
                        3,
                        15,
                        15,
                        8,
                        HashAlgorithm.SHA_512.number()));
    }

    @Test
    void measuresNoCountersWithoutMonitors() {
        RealmFeatures features =
                HostCapabilities.named("qemu-max-8.2").atMost(Capability.PMU, 0).features(HashAlgorithm.SHA_256);

        assertThat(features.has(RealmFeatures.FLAG_PMU)).isFalse();
        assertThat(features.pmuNumCtrs()).isZero();
    }

    @Test
    void saysWhatNobodyBounded() {
        assertThatThrownBy(() -> HostCapabilities.NONE.features(HashAlgorithm.SHA_256))
                .isInstanceOf(PlanException.BadMachine.class)
                .hasMessage("machine: num_bps is not known (expected: --num-bps, or a host that bounds it by -c)");
    }
}
