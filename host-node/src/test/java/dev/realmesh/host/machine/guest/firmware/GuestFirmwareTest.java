// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.machine.guest.GuestException;
import dev.realmesh.host.machine.guest.ShellGuest;
import dev.realmesh.host.machine.guest.firmware.GuestFirmware.Image;
import dev.realmesh.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The format of firmware: what a processor starts, and what it refuses.
class GuestFirmwareTest {
    private final byte[] image = GuestFirmware.ofQemu().bytes();

    @Test
    void isReadAsItWasWritten() {
        GuestFirmware other = new GuestFirmware(0x8000_0000L, List.of(Image.KERNEL));

        assertThat(GuestFirmware.read(image)).isEqualTo(GuestFirmware.ofQemu());
        assertThat(GuestFirmware.read(other.bytes())).isEqualTo(other);
        assertThat(image).hasSize(4096).isEqualTo(GuestFirmware.ofQemu().bytes());
    }

    @Test
    void isToldFromAKernel() {
        assertThat(GuestFirmware.isHeader(Arrays.copyOf(image, GuestFirmware.HEADER_BYTES)))
                .isTrue();
        assertThat(GuestFirmware.isHeader(Arrays.copyOf(ShellGuest.kernel(), GuestFirmware.HEADER_BYTES)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | other keys than deviceTree, images, version",
                "{\"version\":2,\"deviceTree\":0,\"images\":[\"kernel\"]} | version 2 (expected: 1)",
                "{\"version\":1,\"deviceTree\":0,\"images\":[\"shell\"]} | image \"shell\" (expected: kernel or initrd)",
                "{\"version\":1,\"deviceTree\":0,\"images\":[]} | images [] (expected: the kernel first, each once)",
                "{\"version\":1,\"deviceTree\":0,\"images\":[\"initrd\",\"kernel\"]} | the kernel first",
                "{\"version\":1,\"deviceTree\":0,\"images\":[\"kernel\",\"kernel\"]} | each once",
                "{\"version\":1,\"deviceTree\":7,\"images\":[\"kernel\"]} | deviceTree 0x7",
                "{\"version\":1,\"deviceTree\":\"\",\"images\":[\"kernel\"]} | deviceTree 0xffffffffffffffff",
                "{\"version\":1, | (expected: a JSON object)"
            })
    void refusesManifestsThatItDoesNotUnderstand(String manifest, String says) {
        byte[] other = Arrays.copyOf(Arrays.copyOf(image, GuestFirmware.HEADER_BYTES), image.length);
        byte[] json = manifest.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(json, 0, other, GuestFirmware.HEADER_BYTES, json.length);

        assertThatThrownBy(() -> GuestFirmware.read(other))
                .isInstanceOf(GuestException.BadFirmware.class)
                .hasMessageStartingWith("guest firmware: manifest: ")
                .hasMessageContaining(says);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void neverFailsInAnotherWayWhateverTheBytes(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
            image[random.nextInt(160)] = (byte) random.nextInt();
        }
        try {
            assertThat(GuestFirmware.read(image).images()).contains(Image.KERNEL);
        } catch (GuestException.BadFirmware e) {
            assertThat(e).hasMessageStartingWith("guest firmware: ");
        }
    }
}
