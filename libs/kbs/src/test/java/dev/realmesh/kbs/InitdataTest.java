// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Initdata 0.1.0 and its disk image.
class InitdataTest {
    private static final String MINIMAL = "algorithm = \"sha512\"\nversion = \"0.1.0\"\n[data]\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void digestAndPersonalizationValueAreThoseOfTheVector(String file, JsonNode expected) {
        Initdata initdata = Initdata.parse(Vectors.bytes("coco/initdata/" + file));

        assertThat(hex(initdata.digest()))
                .isEqualTo(expected.required("digestHex").stringValue());
        assertThat(hex(initdata.personalizationValue()))
                .isEqualTo(expected.required("ccaRpv64Hex_specPadding").stringValue());
        assertThat(initdata.data()).containsOnlyKeys("aa.toml", "cdh.toml", "policy.rego");
        assertThat(initdata.data().get("policy.rego")).startsWith("package agent_policy\n");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void refusesInvalidVectors(String file, JsonNode expected) {
        byte[] document = Vectors.bytes("coco/initdata/" + file);

        assertThatThrownBy(() -> Initdata.parse(document)).isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void oneChangedByteIsNotBoundToTheRealm() {
        byte[] document = Vectors.bytes("coco/initdata/sha512.toml");
        byte[] personalizationValue = Initdata.parse(document).personalizationValue();
        byte[] changed = Arrays.copyOf(document, document.length + 1);
        changed[document.length] = '\n';

        assertThat(Initdata.parse(document).isBoundTo(personalizationValue)).isTrue();
        assertThat(Initdata.parse(changed).isBoundTo(personalizationValue)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void whateverIsWrittenReadsBack(long seed) {
        RandomGenerator random = Seeds.random(seed);
        Map<String, String> data = new TreeMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            data.put(text(random), text(random));
        }

        Initdata initdata = Initdata.of(Initdata.Algorithm.SHA384, data);

        assertThat(initdata.data()).isEqualTo(data);
        assertThat(InitdataDisk.read(InitdataDisk.write(initdata))).isEqualTo(initdata);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "= 1",
                "algorithm = \"sha512\"",
                "algorithm = \"sha512\"\nversion = \"0.2.0\"\n[data]\n",
                "algorithm = \"SHA512\"\nversion = \"0.1.0\"\n[data]\n",
                "algorithm = \"sha512\"\nversion = \"0.1.0\"\n",
                "algorithm = \"sha512\"\nversion = \"0.1.0\"\ndata = \"x\"\n",
                "algorithm = \"sha512\"\nalgorithm = \"sha256\"\nversion = \"0.1.0\"\n[data]\n",
                "algorithm = \"sha512\"\nversion = \"0.1.0\"\n[data.x]\ny = \"z\"\n"
            })
    void refusesOtherDocuments(String toml) {
        assertThatThrownBy(() -> Initdata.parse(toml.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void refusesWhatIsOverALimit() {
        byte[] tooLong =
                (MINIMAL + "x = \"" + "a".repeat(Initdata.MAX_BYTES) + "\"\n").getBytes(StandardCharsets.UTF_8);
        byte[] tooDeep = (MINIMAL + "x = " + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        byte[] notText = Arrays.copyOf(MINIMAL.getBytes(StandardCharsets.UTF_8), MINIMAL.length() + 1);
        notText[MINIMAL.length()] = (byte) 0xff;

        assertThatThrownBy(() -> Initdata.parse(tooLong)).isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> Initdata.parse(tooDeep)).isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> Initdata.parse(notText)).isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void diskImageIsWholeSectorsWithMagicAndLength() {
        Initdata initdata = Initdata.parse(Vectors.bytes("coco/initdata/sha512.toml"));

        byte[] image = InitdataDisk.write(initdata);

        assertThat(image.length % 512).isZero();
        assertThat(new String(image, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("initdata");
        assertThat(image[16]).isEqualTo((byte) 0x1f);
        assertThat(image[17]).isEqualTo((byte) 0x8b);
        assertThat(InitdataDisk.write(initdata)).isEqualTo(image);
    }

    @Test
    void diskImageThatLiesIsRefused() {
        byte[] image = InitdataDisk.write(Initdata.parse(Vectors.bytes("coco/initdata/sha512.toml")));
        byte[] otherMagic = image.clone();
        otherMagic[0] = 'I';
        byte[] beyond = image.clone();
        beyond[12] = 1;
        byte[] negative = image.clone();
        negative[15] = (byte) 0x80;
        byte[] cut = image.clone();
        cut[8] -= 8;
        byte[] garbled = image.clone();
        garbled[60] ^= 1;

        for (byte[] wrong : new byte[][] {otherMagic, beyond, negative, cut, garbled, new byte[15], new byte[512]}) {
            assertThatThrownBy(() -> InitdataDisk.read(wrong)).isInstanceOf(KbsException.Malformed.class);
        }
    }

    /// 1 MiB and more of one letter is a few KiB of gzip.
    @Test
    void gzipBombIsRefusedAfterOneMebibyte() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(new byte[64 << 20]);
        }
        var image = ByteBuffer.allocate(16 + packed.size()).order(ByteOrder.LITTLE_ENDIAN);
        image.put("initdata".getBytes(StandardCharsets.US_ASCII))
                .putLong(packed.size())
                .put(packed.toByteArray());

        assertThatThrownBy(() -> InitdataDisk.read(image.array()))
                .isInstanceOf(KbsException.Malformed.class)
                .hasMessageContaining("more than");
    }

    private static String text(RandomGenerator random) {
        String letters = "ab \n\t\r'\"\\#=[]{}.é€\u0001\u007f😀";
        int[] points = letters.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    static Stream<Object[]> valid() {
        return cases(true);
    }

    static Stream<Object[]> invalid() {
        return cases(false);
    }

    private static Stream<Object[]> cases(boolean valid) {
        return new JsonMapper()
                .readTree(Vectors.bytes("coco/initdata/cases.json"))
                .valueStream()
                .filter(one -> one.required("expect").stringValue().startsWith("valid") == valid)
                .map(one -> new Object[] {one.required("file").stringValue(), one});
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
