// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.vmm.plan.PlanException;
import org.junit.jupiter.api.Test;

/// What moves with the memory of QEMU's `virt`, with the numbers of `realm-measurements`' own tests.
class QemuMemoryMapTest {
    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;

    @Test
    void keepsHighDevicesWhereTheyAreWhileMemoryIsSmall() {
        QemuMemoryMap map = QemuMemoryMap.of(MIB);

        assertThat(map.highRedistributors()).isEqualTo(0x40_0000_0000L);
        assertThat(map.highPciConfig()).isEqualTo(0x40_1000_0000L);
        assertThat(map.highPciMemory()).isEqualTo(0x80_0000_0000L);
        assertThat(map.ipaBits()).isEqualTo(41);
    }

    @Test
    void movesThemAboveTheMemoryThatCanCome() {
        QemuMemoryMap map = new QemuMemoryMap(MIB, TIB, 0);

        assertThat(map.highRedistributors()).isEqualTo(0x100_8000_0000L);
        assertThat(map.highPciConfig()).isEqualTo(0x100_9000_0000L);
        assertThat(map.highPciMemory()).isEqualTo(0x180_0000_0000L);
        assertThat(map.ipaBits()).isEqualTo(42);
    }

    @Test
    void leavesAGibibyteForEachSlot() {
        QemuMemoryMap map = new QemuMemoryMap(MIB, 256 * TIB, 12);

        assertThat(map.highRedistributors()).isEqualTo(0x10003_8000_0000L);
        assertThat(map.highPciConfig()).isEqualTo(0x10003_9000_0000L);
        assertThat(map.highPciMemory()).isEqualTo(0x10080_0000_0000L);
        assertThat(map.ipaBits()).isEqualTo(50);
    }

    @Test
    void refusesMemoryThatCannotBe() {
        assertThatThrownBy(() -> QemuMemoryMap.of(4097)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> new QemuMemoryMap(MIB, MIB - 4096, 0)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> new QemuMemoryMap(MIB, Long.MAX_VALUE, 0))
                .isInstanceOf(PlanException.BadMachine.class);
    }
}
