// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a guest finds in the device tree that its loader left.
class GuestDeviceTreeTest {
    @Test
    void findsMemoryInitrdAndProcessors() {
        byte[] tree = Vectors.bytes("rmm/dtb/qemu-kernel-2g-sha256-nosve.dtb");

        assertThat(FlattenedTree.sizeFromHeader(tree)).isEqualTo(tree.length);
        assertThat(GuestDeviceTree.read(tree))
                .isEqualTo(new GuestDeviceTree(0x4000_0000L, 2L << 30, 0x4800_0000L, 0x4801_86a1L, 4));
    }

    @Test
    void refusesTreesWithoutInitrd() {
        assertThatThrownBy(() -> GuestDeviceTree.read(Vectors.bytes("rmm/dtb/qemu-kernel-128m-bps.dtb")))
                .isInstanceOf(GuestException.BadDeviceTree.class)
                .hasMessageContaining("expected: inside RAM");
    }

    @Test
    void refusesWhatIsNoTree() {
        assertThatThrownBy(() -> FlattenedTree.sizeFromHeader(new byte[40]))
                .isInstanceOf(GuestException.BadDeviceTree.class)
                .hasMessageContaining("0xd00dfeed");
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void neverFailsInAnotherWayWhateverTheBytes(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] tree = Vectors.bytes("rmm/dtb/qemu-kernel-1g.dtb");
        for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
            tree[random.nextInt(4, 300)] = (byte) random.nextInt();
        }
        byte[] cut = Arrays.copyOf(tree, random.nextInt(FlattenedTree.HEADER_BYTES, tree.length));
        for (byte[] bytes : new byte[][] {tree, cut}) {
            try {
                GuestDeviceTree.read(bytes);
            } catch (GuestException.BadDeviceTree e) {
                assertThat(e).hasMessageStartingWith("guest device tree: ");
            }
        }
    }
}
