// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Translation table entries bit for bit: the words are what TF-RMM 0.8's `lib/s2tt` makes of the same states.
class RttDescriptorTest {
    private static final PhysicalAddress BLOCK = new PhysicalAddress(0x4_4020_0000L);
    private static final PhysicalAddress PAGE = new PhysicalAddress(0x4_4020_3000L);
    private static final PhysicalAddress FAR = new PhysicalAddress(0xD_0000_4020_3000L);

    static Stream<Arguments> entries() {
        return Stream.of(
                Arguments.of(0xC0L, new RttEntry.Unassigned(Ripas.EMPTY), 1, false),
                Arguments.of(0xC2L, new RttEntry.Unassigned(Ripas.RAM), 3, false),
                Arguments.of(0xC4L, new RttEntry.Unassigned(Ripas.DESTROYED), 2, false),
                Arguments.of(0x4_4020_30C8L, new RttEntry.Assigned(PAGE, Ripas.EMPTY), 3, false),
                Arguments.of(0x4_4020_37DBL, new RttEntry.Assigned(PAGE, Ripas.RAM), 3, false),
                Arguments.of(0x4_4020_07D9L, new RttEntry.Assigned(BLOCK, Ripas.RAM), 2, false),
                Arguments.of(0x4_4020_00CCL, new RttEntry.Assigned(BLOCK, Ripas.DESTROYED), 2, false),
                Arguments.of(0x0080_0000_0000_0000L, new RttEntry.UnassignedShared(), 0, false),
                Arguments.of(0x00C0_0004_4020_37DFL, new RttEntry.AssignedShared(0x4_4020_30DCL), 3, false),
                Arguments.of(0x00C0_0004_4020_0749L, new RttEntry.AssignedShared(0x4_4020_0048L), 2, false),
                Arguments.of(0x4_4020_3003L, new RttEntry.Table(PAGE), 2, false),
                Arguments.of(0x4_4020_34DBL, new RttEntry.Assigned(PAGE, Ripas.RAM), 3, true),
                Arguments.of(0x0001_0000_4020_37DBL, new RttEntry.Assigned(FAR, Ripas.RAM), 3, true),
                Arguments.of(0x0001_0000_4020_3303L, new RttEntry.Table(FAR), 1, true),
                Arguments.of(0x00C2_0004_4020_36DFL, new RttEntry.AssignedShared(0x2_0004_4020_32DCL), 3, true));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void writesEntriesAsTfRmmDoes(long word, RttEntry entry, int level, boolean largeAddresses) {
        RttDescriptor descriptor = new RttDescriptor(largeAddresses);
        assertThat(descriptor.encode(entry, level)).isEqualTo(word);
        assertThat(descriptor.decode(word, level)).isEqualTo(entry);
    }

    @ParameterizedTest
    @CsvSource({"0xC6, 3", "0xD0, 3", "0x0, 1", "0x002007DB, 2", "0xD8, 2", "0x402007D9, 3", "0x1, 3"})
    void readsNothingElse(String word, int level) {
        assertThatThrownBy(() -> new RttDescriptor(false).decode(Long.decode(word), level))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x4_4020_0000L, 0x4_4020_00DCL, 0x4_4020_0008L, 0x4_4020_00C4L, 0x7FFF_C000_0000L})
    void takesAddressPermissionsAndAttributesFromTheHost(long descriptor) {
        assertThat(new RttDescriptor(false).isOfHost(descriptor, 2)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0x4_4020_0001L,
                0x4_4020_0002L,
                0x4_4020_0020L,
                0x4_4020_0100L,
                0x4_4020_0400L,
                0x4_4020_0010L,
                0x4_4020_3000L,
                0x0001_0000_0000_0000L,
                0x0080_0000_0000_0000L
            })
    void takesNothingElseFromTheHost(long descriptor) {
        assertThat(new RttDescriptor(false).isOfHost(descriptor, 2)).isFalse();
    }
}
