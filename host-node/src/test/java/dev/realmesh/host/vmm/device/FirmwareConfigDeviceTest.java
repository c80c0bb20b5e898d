// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.FirmwareConfig;
import dev.realmesh.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// QEMU's fw_cfg device (`docs/specs/fw_cfg.rst`), with a guest that does what it likes.
class FirmwareConfigDeviceTest {
    private static final int DATA = 0;
    private static final int SELECTOR = 8;
    private static final int DMA = 16;
    private static final int KERNEL_SIZE = 0x08;
    private static final int KERNEL_DATA = 0x11;
    private static final int COMMAND_LINE_DATA = 0x15;
    private static final byte[] KERNEL = "kernel".getBytes(StandardCharsets.US_ASCII);

    private final Memory memory = new Memory();
    private final FirmwareConfigDevice device = new FirmwareConfigDevice(
            FirmwareConfig.of(0x0902_0000, Blob.of(KERNEL), Blob.of(new byte[3]), "quiet"), memory);

    /// A page at 0x1000.
    private static final class Memory implements DmaMemory {
        private final byte[] bytes = new byte[0x1000];

        @Override
        public boolean read(long ipa, byte[] into) {
            if (!has(ipa, into.length)) {
                return false;
            }
            System.arraycopy(bytes, (int) ipa - bytes.length, into, 0, into.length);
            return true;
        }

        @Override
        public boolean write(long ipa, byte[] from) {
            if (!has(ipa, from.length)) {
                return false;
            }
            System.arraycopy(from, 0, bytes, (int) ipa - bytes.length, from.length);
            return true;
        }

        private boolean has(long ipa, int length) {
            return ipa >= bytes.length && ipa + length <= 2L * bytes.length;
        }
    }

    @Test
    void isFoundWhereTheDeviceTreeSays() {
        assertThat(device.place().contains(0x0902_0017)).isTrue();
        assertThat(device.place().contains(0x0902_0018)).isFalse();
    }

    @Test
    void saysWhoItIsAndThatItHasDma() {
        select(0);
        assertThat(device.read(DATA, 4)).isEqualTo(0x554d4551);
        select(1);
        assertThat(device.read(DATA, 4)).isEqualTo(3);
        assertThat(Long.reverseBytes(device.read(DMA, 8))).isEqualTo(0x51454d5520434647L);
    }

    @Test
    void givesItemsByteByByteAndZerosBehindThem() {
        select(KERNEL_DATA);

        assertThat(device.read(DATA, 1)).isEqualTo('k');
        assertThat(device.read(DATA, 4)).isEqualTo(0x656e7265);
        assertThat(device.read(DATA, 2)).isEqualTo('l');
        assertThat(device.read(DATA, 8)).isZero();
    }

    @Test
    void hasNothingUnderOtherKeys() {
        select(0x4242);

        assertThat(device.read(DATA, 8)).isZero();
    }

    @Test
    void copiesItemsByDma() {
        assertThat(dma(KERNEL_DATA << 16 | 8 | 2, 8, 0x1800)).isZero();
        assertThat(Arrays.copyOfRange(memory.bytes, 0x800, 0x808)).isEqualTo(Arrays.copyOf(KERNEL, 8));

        assertThat(dma(COMMAND_LINE_DATA << 16 | 8 | 4, 2, 0)).isZero();
        assertThat(dma(2, 4, 0x1900)).isZero();
        assertThat(Arrays.copyOfRange(memory.bytes, 0x900, 0x904)).isEqualTo(new byte[] {'i', 'e', 't', 0});
    }

    @Test
    void takesTheAddressOfARequestInTwoHalves() {
        request(KERNEL_SIZE << 16 | 8 | 2, 4, 0x1800);
        device.write(DMA, 4, 0);
        device.write(DMA + 4, 4, Integer.toUnsignedLong(Integer.reverseBytes(0x1000)));

        assertThat(memory.bytes[0x800]).isEqualTo((byte) KERNEL.length);
        assertThat(control()).isZero();
    }

    @Test
    void saysThatDmaFailedWhereThereIsNoMemoryAndThatNothingCanBeWritten() {
        assertThat(dma(KERNEL_DATA << 16 | 8 | 2, -1, 0x1800)).isEqualTo(1);
        assertThat(dma(KERNEL_DATA << 16 | 8 | 2, 1, -8)).isEqualTo(1);
        assertThat(dma(KERNEL_DATA << 16 | 8 | 16, 4, 0x1800)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void takesWhateverAGuestWrites(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < 1000; i++) {
            random.nextBytes(memory.bytes);
            int bytes = 1 << random.nextInt(4);
            long offset = random.nextInt(0x18);
            long value = random.nextBoolean() ? random.nextLong() : Long.reverseBytes(0x1000);
            if (random.nextBoolean()) {
                device.write(offset, bytes, value);
            } else {
                assertThat(device.read(offset, bytes) >>> (8 * bytes - 1) >>> 1).isZero();
            }
        }
    }

    private void select(int key) {
        device.write(SELECTOR, 2, Short.reverseBytes((short) key));
    }

    private int dma(int control, int length, long address) {
        request(control, length, address);
        device.write(DMA, 8, Long.reverseBytes(0x1000));
        return control();
    }

    private void request(int control, int length, long address) {
        ByteBuffer.wrap(memory.bytes).putInt(control).putInt(length).putLong(address);
    }

    private int control() {
        return ByteBuffer.wrap(memory.bytes).getInt();
    }
}
