// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.SmcConduit.Reply;
import dev.realmesh.cca.abi.SmcConduit.Request;
import dev.realmesh.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Frames of the conduit between a guest process and its processor.
class SmcConduitTest {
    private static final IntermediatePhysicalAddress IPA = new IntermediatePhysicalAddress(0x4000_0FF0L);

    @Test
    void carriesEveryRequest() throws IOException {
        GeneralRegisters registers = GeneralRegisters.of(0xC400_0190L, 0x1_0000).resized(SmcConduit.REGISTERS);
        for (Request request : List.of(
                new Request.Call(registers),
                new Request.Load(IPA, 16),
                new Request.Store(IPA, Bytes.copyOf(new byte[] {1, 2, 3})))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            SmcConduit.write(out, request);
            assertThat(SmcConduit.readRequest(new ByteArrayInputStream(out.toByteArray())))
                    .isEqualTo(request);
        }
    }

    @Test
    void carriesEveryReply() throws IOException {
        for (Reply reply : List.of(
                new Reply.Returned(GeneralRegisters.zero(SmcConduit.REGISTERS)),
                new Reply.Loaded(Bytes.copyOf(new byte[4096])),
                new Reply.Stored(),
                new Reply.Aborted(0x9200_0007L))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            SmcConduit.write(out, reply);
            assertThat(SmcConduit.readReply(new ByteArrayInputStream(out.toByteArray())))
                    .isEqualTo(reply);
        }
    }

    @Test
    void laysLoadsOutAsDocumented() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SmcConduit.write(out, new Request.Load(IPA, 16));
        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("0d00000002f00f00400000000010000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000",
                "69100000",
                "ffffffff",
                "0100000000",
                "0100000004",
                "0200000001ff",
                "0d00000002f10f00400000000010000000",
                "0d00000002f00f00400000000000000000",
                "0d00000002f00f004000000000ffffffff",
                "0900000003f00f004000000000"
            })
    void refusesMalformedRequests(String hex) {
        ByteArrayInputStream in = new ByteArrayInputStream(HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> SmcConduit.readRequest(in)).isInstanceOf(SmcConduit.BadFrameException.class);
    }

    @Test
    void noticesThatThePeerIsGone() {
        ByteArrayInputStream in = new ByteArrayInputStream(new byte[] {13, 0, 0, 0, 2});
        assertThatThrownBy(() -> SmcConduit.readRequest(in)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void failsOnNoiseAsDocumentedOnly(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] noise = new byte[4 + random.nextInt(40)];
            random.nextBytes(noise);
            noise[0] = (byte) (noise.length - 4);
            noise[1] = 0;
            noise[2] = 0;
            noise[3] = 0;
            try {
                assertThat(SmcConduit.readRequest(new ByteArrayInputStream(noise)))
                        .isNotNull();
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }
}
