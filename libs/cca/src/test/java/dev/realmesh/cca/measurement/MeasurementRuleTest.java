// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RecParams;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The rule of RMM 1.0 byte for byte (DEN0137 1.0, A7.1.1), and that the measurement follows the rule that it is given.
class MeasurementRuleTest {
    private static final RealmFeatures FEATURES = new RealmFeatures(0, 48, 0, 1, 1, 0, 0);
    private static final IntermediatePhysicalAddress PAGE = new IntermediatePhysicalAddress(0x1234_5000L);
    private static final byte[] RIM = HexFormat.of().parseHex("aa".repeat(32));
    private static final byte[] CONTENT = HexFormat.of().parseHex("bb".repeat(32));

    @Test
    void describesPages() {
        byte[] measured = MeasurementRule.RMM_1_0.data(RIM, PAGE, CONTENT).orElseThrow();
        assertThat(measured).hasSize(256);
        assertThat(HexFormat.of().formatHex(measured))
                .isEqualTo("0000000000000000" + "0001000000000000" + "aa".repeat(32) + "00".repeat(32)
                        + "0050341200000000" + "0100000000000000" + "bb".repeat(32) + "00".repeat(128));
        byte[] unmeasured = MeasurementRule.RMM_1_0.unmeasuredData(RIM, PAGE).orElseThrow();
        assertThat(HexFormat.of().formatHex(unmeasured))
                .isEqualTo("0000000000000000" + "0001000000000000" + "aa".repeat(32) + "00".repeat(32)
                        + "0050341200000000" + "00".repeat(168));
    }

    @Test
    void describesEntriesThatBecomeRam() {
        byte[] ripas = MeasurementRule.RMM_1_0.ripas(RIM, PAGE, PAGE.plus(4096)).orElseThrow();
        assertThat(HexFormat.of().formatHex(ripas))
                .isEqualTo("0200000000000000" + "0001000000000000" + "aa".repeat(32) + "00".repeat(32)
                        + "0050341200000000" + "0060341200000000" + "00".repeat(160));
    }

    @Test
    void describesOnlyRecsThatMayRun() {
        assertThat(MeasurementRule.RMM_1_0.rec(RIM, rec(0), CONTENT)).isEmpty();
        byte[] rec = MeasurementRule.RMM_1_0.rec(RIM, rec(1), CONTENT).orElseThrow();
        assertThat(HexFormat.of().formatHex(rec))
                .isEqualTo("0100000000000000" + "0001000000000000" + "aa".repeat(32) + "00".repeat(32) + "bb".repeat(32)
                        + "00".repeat(144));
    }

    @Test
    void hasTwoAlgorithms() {
        assertThat(MeasurementRule.RMM_1_0.algorithm(FEATURES)).isEqualTo(HashAlgorithm.SHA_256);
        RealmFeatures other = new RealmFeatures(0, 48, 0, 1, 1, 0, 2);
        assertThatThrownBy(() -> new RealmInitialMeasurement(other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void goesByTheRuleThatItIsGiven() {
        RealmInitialMeasurement usual = new RealmInitialMeasurement(FEATURES);
        RealmInitialMeasurement other = new RealmInitialMeasurement(FEATURES, new WithoutRipas());
        assertThat(other.value()).isEqualTo(usual.value());
        other.extendRipas(PAGE, PAGE.plus(4096));
        assertThat(other.value()).isEqualTo(usual.value());
        usual.extendData(PAGE, new byte[4096]);
        other.extendData(PAGE, new byte[4096]);
        assertThat(other.value()).isEqualTo(usual.value());
        usual.extendRipas(PAGE, PAGE.plus(4096));
        assertThat(other.value()).isNotEqualTo(usual.value());
    }

    private static RecParams rec(long flags) {
        return new RecParams(flags, 0, 0, GeneralRegisters.zero(8), 0, List.of());
    }

    /// A rule by which RIPAS does not count.
    private static final class WithoutRipas implements MeasurementRule {
        @Override
        public HashAlgorithm algorithm(RealmFeatures features) {
            return RMM_1_0.algorithm(features);
        }

        @Override
        public byte[] realm(RealmFeatures features) {
            return RMM_1_0.realm(features);
        }

        @Override
        public Optional<byte[]> data(byte[] rim, IntermediatePhysicalAddress ipa, byte[] content) {
            return RMM_1_0.data(rim, ipa, content);
        }

        @Override
        public Optional<byte[]> unmeasuredData(byte[] rim, IntermediatePhysicalAddress ipa) {
            return RMM_1_0.unmeasuredData(rim, ipa);
        }

        @Override
        public Optional<byte[]> rec(byte[] rim, RecParams params, byte[] content) {
            return RMM_1_0.rec(rim, params, content);
        }

        @Override
        public Optional<byte[]> ripas(byte[] rim, IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
            return Optional.empty();
        }
    }
}
