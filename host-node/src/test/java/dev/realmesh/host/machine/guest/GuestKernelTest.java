// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The kernel of a guest: an arm64 Image header, then the boot manifest.
class GuestKernelTest {
    private static final GuestKernel KERNEL =
            new GuestKernel(List.of("/opt/java/bin/java", "-cp", "a:b"), Map.of("PATH", "/bin", "HOME", "/root"));

    @Test
    void readsWhatItWrites() {
        byte[] image = KERNEL.bytes();

        assertThat(GuestKernel.sizeFromHeader(image)).isEqualTo(image.length).isEqualTo(4096);
        assertThat(GuestKernel.read(image)).isEqualTo(KERNEL);
        assertThat(KERNEL.bytes()).isEqualTo(image);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"version\":2,\"command\":[\"/a\"],\"environment\":{}}",
                "{\"version\":1,\"command\":[\"/a\"]}",
                "{\"version\":1,\"command\":[],\"environment\":{}}",
                "{\"version\":1,\"command\":[\"a\"],\"environment\":{}}",
                "{\"version\":1,\"command\":[\"/a\",1],\"environment\":{}}",
                "{\"version\":1,\"command\":[\"/a\"],\"environment\":{\"A=B\":\"\"}}",
                "{\"version\":1,\"command\":[\"/a\"],\"environment\":{\"A\":\"\\u0000\"}}",
                "{\"version\":1,\"command\":[\"/a\"],\"environment\":{},\"more\":1}",
                "{\"version\":1,\"version\":1,\"command\":[\"/a\"],\"environment\":{}}",
                "{\"version\":1,\"command\":[\"/a\"],\"environment\":{}} x"
            })
    void refusesOtherManifests(String manifest) {
        assertThatThrownBy(() -> GuestKernel.read(imageOf(manifest)))
                .isInstanceOf(GuestException.BadKernel.class)
                .hasMessageStartingWith("guest kernel: ");
    }

    @Test
    void refusesOtherHeaders() {
        byte[] noMagic = KERNEL.bytes();
        noMagic[56] ^= 1;
        byte[] huge = KERNEL.bytes();
        huge[20] = 1;

        for (byte[] image : List.of(noMagic, huge, new byte[63], new byte[0])) {
            assertThatThrownBy(() -> GuestKernel.read(image)).isInstanceOf(GuestException.BadKernel.class);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void neverFailsInAnotherWayWhateverTheBytes(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] image = KERNEL.bytes();
        for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
            image[random.nextInt(200)] = (byte) random.nextInt();
        }
        try {
            GuestKernel.read(image);
        } catch (GuestException.BadKernel e) {
            assertThat(e).hasMessageStartingWith("guest kernel: ");
        }
    }

    private static byte[] imageOf(String manifest) {
        byte[] json = manifest.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(new byte[4096])
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16, 4096)
                .putInt(56, 0x644d5241)
                .put(GuestKernel.HEADER_BYTES, json)
                .array();
    }
}
