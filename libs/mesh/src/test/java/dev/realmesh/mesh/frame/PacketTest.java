// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The wire format of packets: README.md, "Packets and frames".
class PacketTest {
    @Test
    void layoutIsThatOfTheReadme() {
        byte[] data = {1, 2, 3};
        Packet packet = Packet.of(7, new Frame.Data(5, Bytes.wrap(data), true));
        assertThat(HexFormat.of().formatHex(PacketWriter.write(packet)))
                .isEqualTo("0000000000000007" + "00000001" + "04" + "01" + "00000005" + "00000003" + "010203");
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void readsWhatItWrote(long seed) {
        RandomFrames frames = new RandomFrames(Seeds.random(seed));
        for (int i = 0; i < 200; i++) {
            Packet packet = frames.packet();
            byte[] bytes = PacketWriter.write(packet);
            assertThat(PacketReader.read(Bytes.wrap(bytes))).isEqualTo(packet);
            assertThat(bytes).hasSize(PacketWriter.size(packet));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void changedBytesAreReadOrRefusedAndNothingElse(long seed) {
        RandomGenerator random = Seeds.random(seed);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = PacketWriter.write(frames.packet());
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            readOrRefuse(random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void cutPacketsAreRefused(long seed) {
        byte[] bytes = PacketWriter.write(new RandomFrames(Seeds.random(seed)).packet());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> PacketReader.read(Bytes.wrap(cut))).isInstanceOf(FrameException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0b00 00000000 00000000, frame type",
        "0000 00000000 00000000, frame type",
        "0402 00000001 00000000, flags",
        "0701 00000001 00000004 00000001, flags",
        "0400 00000000 00000000, stream",
        "0400 80000000 00000000, stream",
        "0800 00000001 00000008 0000000000000000, stream",
        "0400 00000001 7fffffff, frame length",
        "0400 00000001 ffffffff, frame length",
        "0700 00000000 00000004 00000000, window",
        "0800 00000000 00000009 000000000000000000, off its length",
        "0500 00000001 00000002 ffff, metadata",
        "0500 00000001 0000000a 0001 0001 41 00000001 61, metadata",
        "0500 00000001 0000000a 0001 0001 61 00000001 0a, metadata",
        "0500 00000001 0000000a 0001 0001 61 7fffffff 61, length",
        "0600 00000001 00000003 11 0000, status code",
        "0900 00000000 00000003 0001 ff, UTF-8",
        "0900 00000000 00000002 0401, text",
    })
    void refusesFrame(String frame, String reason) {
        byte[] bytes = HexFormat.of().parseHex("0000000000000000" + "00000001" + frame.replace(" ", ""));
        assertThatThrownBy(() -> PacketReader.read(Bytes.wrap(bytes)))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refusesMoreFramesThanThereIsRoomFor() {
        byte[] bytes = ByteBuffer.allocate(40).putLong(0).putInt(1000).array();
        assertThatThrownBy(() -> PacketReader.read(Bytes.wrap(bytes))).hasMessageContaining("frames: 1000");
    }

    static void readOrRefuse(byte[] bytes) {
        try {
            Packet packet = PacketReader.read(Bytes.wrap(bytes));
            assertThat(PacketWriter.write(packet)).isEqualTo(bytes);
        } catch (FrameException refused) {
            assertThat(refused).hasMessageContaining(":");
        }
    }
}
