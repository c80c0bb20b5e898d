// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// Kernel files as boot loaders read them.
class KernelImageTest {
    @Test
    void readsTheHeader() {
        KernelImage kernel = KernelImage.read(Blob.of(file(0x8_0000, 8192)));

        assertThat(kernel.textOffset()).isEqualTo(0x8_0000);
        assertThat(kernel.imageSize()).isEqualTo(8192);
    }

    @Test
    void unpacksWhatGzipPacked() throws IOException {
        KernelImage kernel = KernelImage.read(Blob.of(gzip(file(0, 8192))));

        assertThat(kernel.file().toByteArray()).isEqualTo(file(0, 8192));
    }

    @Test
    void refusesPackedFilesThatAreBrokenOrTooLarge() throws IOException {
        byte[] packed = gzip(file(0, 8192));

        assertThatThrownBy(() -> KernelImage.read(Blob.of(Arrays.copyOf(packed, packed.length / 2))))
                .isInstanceOf(PlanException.BadKernel.class)
                .hasMessage("kernel: compressed, but broken or too large (expected: gzip of at most 256 MiB)");
        assertThat(Blob.of(packed).gunzip(4095)).isEmpty();
        assertThat(Blob.of(packed).gunzip(4096)).isPresent();
    }

    @Test
    void refusesAFileWithoutHeader() {
        assertThatThrownBy(() -> KernelImage.read(Blob.of(new byte[63])))
                .isInstanceOf(PlanException.BadKernel.class)
                .hasMessage("kernel: 63 bytes (expected: at least a 64-byte arm64 Image header)");
        assertThatThrownBy(() -> KernelImage.read(Blob.of(new byte[4096])))
                .isInstanceOf(PlanException.BadKernel.class)
                .hasMessageContaining("0x644d5241, an arm64 Image header");
    }

    @Test
    void refusesAKernelThatIsLongerThanItSays() {
        assertThatThrownBy(() -> KernelImage.read(Blob.of(file(0, 4095))))
                .isInstanceOf(PlanException.BadKernel.class)
                .hasMessage("kernel: image_size 4095 (expected: at least the file's 4096 bytes)");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] file(long textOffset, long imageSize) {
        return ByteBuffer.allocate(4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(8, textOffset)
                .putLong(16, imageSize)
                .putInt(56, KernelImage.MAGIC)
                .array();
    }
}
