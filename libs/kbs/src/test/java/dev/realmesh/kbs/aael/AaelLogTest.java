// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Confidential Containers' attestation agent event log.
class AaelLogTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @ValueSource(strings = {"one-sha256", "three-sha384"})
    void recordedLogReplaysToItsRegister(String name) {
        JsonNode expected = expected(name);
        AaelLog log = AaelLog.parse(Vectors.bytes("coco/aael/" + name + ".bin"));

        byte[] initial = HEX.parseHex(expected.path("initialRegister").stringValue());
        assertThat(log.replay(initial))
                .isEqualTo(HEX.parseHex(expected.path("finalRegister").stringValue()));
        assertThat(log.toBytes()).isEqualTo(Vectors.bytes("coco/aael/" + name + ".bin"));
        byte[] register = initial;
        for (int i = 0; i < log.entries().size(); i++) {
            JsonNode event = expected.path("events").path(i);
            AaelEntry entry = log.entries().get(i);
            assertThat(entry.event().domain()).isEqualTo(event.path("domain").stringValue());
            assertThat(entry.event().operation())
                    .isEqualTo(event.path("operation").stringValue());
            assertThat(entry.event().content()).isEqualTo(event.path("content").stringValue());
            assertThat(HEX.formatHex(entry.event().toBytes()))
                    .isEqualTo(event.path("taggedEventHex").stringValue());
            assertThat(HEX.formatHex(entry.digest()))
                    .isEqualTo(event.path("digest").stringValue());
            register = entry.extend(register);
            assertThat(HEX.formatHex(register))
                    .isEqualTo(event.path("registerAfter").stringValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-sha256", "three-sha384"})
    void eventsMakeTheRecordedEntries(String name) {
        JsonNode expected = expected(name);
        for (JsonNode event : expected.path("events")) {
            AaelEntry entry = new AaelEntry(
                    expected.path("measurementRegisterIndex").intValue(),
                    AaelHash.valueOf(expected.path("hash").stringValue().toUpperCase(java.util.Locale.ROOT)),
                    new AaelEvent(
                            event.path("domain").stringValue(),
                            event.path("operation").stringValue(),
                            event.path("content").stringValue()));
            assertThat(HEX.formatHex(entry.toBytes()))
                    .isEqualTo(event.path("entryHex").stringValue());
        }
    }

    @Test
    void changedContentIsRefused() {
        byte[] log = Vectors.bytes("coco/aael/tampered-content.bin");

        assertThatThrownBy(() -> AaelLog.parse(log))
                .isInstanceOf(AaelException.BadLog.class)
                .hasMessageContaining("entry 2")
                .hasMessageContaining("digest of other data");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badRequests")
    void requestThatBreaksTheLineIsRefused(JsonNode request) {
        assertThat(request.path("expect").stringValue()).startsWith("reject");
        assertThatThrownBy(() -> new AaelEvent(
                        request.path("domain").stringValue(),
                        request.path("operation").stringValue(),
                        request.path("content").stringValue()))
                .isInstanceOf(AaelException.BadEvent.class);
    }

    @Test
    void oversizedEventIsRefused() {
        assertThatThrownBy(() -> new AaelEvent("d", "o", "x".repeat(AaelEvent.MAX_CONTENT_BYTES + 1)))
                .isInstanceOf(AaelException.BadEvent.class);
        assertThatThrownBy(() -> new AaelEvent("d".repeat(257), "o", "")).isInstanceOf(AaelException.BadEvent.class);
        assertThat(new AaelEvent("d", "o", "x".repeat(AaelEvent.MAX_CONTENT_BYTES)).content())
                .hasSize(AaelEvent.MAX_CONTENT_BYTES);
    }

    @Test
    void anotherOrderGivesAnotherRegister() {
        AaelLog log = AaelLog.parse(Vectors.bytes("coco/aael/three-sha384.bin"));
        List<AaelEntry> turned = new ArrayList<>(log.entries());
        Collections.reverse(turned);

        byte[] zero = new byte[48];
        assertThat(new AaelLog(turned).replay(zero)).isNotEqualTo(log.replay(zero));
        assertThat(new AaelLog(log.entries().subList(0, 2)).replay(zero)).isNotEqualTo(log.replay(zero));
    }

    @Test
    void registerOfAnotherHashIsRefused() {
        AaelLog log = AaelLog.parse(Vectors.bytes("coco/aael/one-sha256.bin"));

        assertThatThrownBy(() -> log.replay(new byte[48])).isInstanceOf(AaelException.BadLog.class);
        AaelEntry first = log.entries().getFirst();
        AaelEntry other = new AaelEntry(first.register() + 1, first.hash(), first.event());
        assertThatThrownBy(() -> new AaelLog(List.of(first, other))).isInstanceOf(AaelException.BadLog.class);
    }

    @Test
    void everyCutAndEveryChangedByteIsRefused() {
        byte[] log = Vectors.bytes("coco/aael/one-sha256.bin");
        for (int length = 1; length < log.length; length++) {
            byte[] cut = Arrays.copyOf(log, length);
            assertThatThrownBy(() -> AaelLog.parse(cut)).isInstanceOf(AaelException.BadLog.class);
        }
        // The register's number stands before what the digest covers.
        for (int i = 4; i < log.length; i++) {
            byte[] changed = log.clone();
            changed[i] ^= 0x40;
            assertThatThrownBy(() -> AaelLog.parse(changed)).isInstanceOf(AaelException.BadLog.class);
        }
    }

    @Test
    void pullOfAnImageIsTheEventThatUpstreamWrites() {
        JsonNode first = expected("three-sha384").path("events").path(0);

        PulledImage image = new PulledImage("registry.local/app:1", "sha256:" + "1".repeat(64));

        AaelEvent event = image.toEvent();

        assertThat(PulledImage.in(event)).contains(image);
        assertThat(event.content()).isEqualTo(first.path("content").stringValue());
        assertThat(event.domain()).isEqualTo(first.path("domain").stringValue());
    }

    private static Stream<JsonNode> badRequests() {
        return JSON.readTree(Vectors.text("coco/aael/invalid-requests.json")).valueStream();
    }

    private static JsonNode expected(String name) {
        return JSON.readTree(new String(Vectors.bytes("coco/aael/" + name + ".json"), StandardCharsets.UTF_8));
    }
}
