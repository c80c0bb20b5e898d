// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.devicetree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Reading device trees: those of `realm-measurements`, our own, and broken ones.
class DeviceTreeTest {
    @Test
    void readsWhatAnotherWrote() {
        DeviceTree tree = DeviceTree.read(Vectors.bytes("rmm/dtb/qemu-kernel-1g.dtb"));

        assertThat(tree.properties())
                .containsEntry("/compatible", Bytes.copyOf("linux,dummy-virt\0".getBytes()))
                .containsEntry("/memory@40000000/reg", Bytes.ofHex("00000000400000000000000040000000"))
                .containsEntry("/cpus/cpu@1/reg", Bytes.ofHex("00000001"))
                .containsKey("/intc@8000000/its@8080000/msi-controller");
        assertThat(tree.properties().keySet().iterator().next()).isEqualTo("/compatible");
    }

    @Test
    void readsWhatWeWroteThoughZeroesFollow() {
        byte[] written = FlatDeviceTree.write(root -> root.cells("a", 1).node("b", node -> node.text("c", "d", "e")));

        DeviceTree tree = DeviceTree.read(Arrays.copyOf(written, 4096));

        assertThat(tree.properties())
                .containsExactly(
                        java.util.Map.entry("/a", Bytes.ofHex("00000001")),
                        java.util.Map.entry("/b/c", Bytes.copyOf("d\0e\0".getBytes())));
    }

    @Test
    void refusesWhatIsNone() {
        assertThatThrownBy(() -> DeviceTree.checked(Blob.of(new byte[4096])))
                .isInstanceOf(PlanException.BadDeviceTree.class)
                .hasMessage("device tree: no header (expected: one that begins with d00dfeed)");
        assertThatThrownBy(() -> DeviceTree.checked(Blob.of(new byte[DeviceTree.MAX_BYTES + 1])))
                .isInstanceOf(PlanException.BadDeviceTree.class);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void refusesOrReadsBrokenOnes(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] tree = Vectors.bytes("rmm/dtb/cloudhv-kernel-1g.dtb");
            for (int bit = 0; bit < 4; bit++) {
                tree[random.nextInt(tree.length)] ^= (byte) (1 << random.nextInt(8));
            }
            byte[] broken = Arrays.copyOf(tree, random.nextInt(tree.length + 1));
            try {
                assertThat(DeviceTree.read(broken).properties()).isNotNull();
            } catch (PlanException.BadDeviceTree e) {
                assertThat(e).hasMessageStartingWith("device tree: ");
            }
        }
    }
}
