// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// XTS over granules against what OpenSSL gives (`rmm/mec-xts.json`).
class XtsAesTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void encryptsGranulesAsOpenSslDoes() throws NoSuchAlgorithmException {
        JsonNode cases =
                JsonMapper.shared().readTree(Vectors.text("rmm/mec-xts.json")).get("cases");
        assertThat(cases).hasSize(6);
        for (JsonNode each : cases) {
            byte[] plain = stream(each.get("plaintextSeed").asString());
            byte[] granule = plain.clone();
            XtsAes cipher = new XtsAes(HEX.parseHex(each.get("key").asString()), granule.length);
            long unit = Long.decode(each.get("pa").asString()) / PhysicalAddress.GRANULE_SIZE;
            cipher.encrypt(unit, 0, granule, 0, granule.length);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(granule);
            assertThat(HEX.formatHex(hash))
                    .as("%s", each)
                    .isEqualTo(each.get("ciphertextSha256").asString());
            cipher.decrypt(unit, 0, granule, 0, granule.length);
            assertThat(granule).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 2", "55, 1", "56, 1", "57, 4", "112, 1", "128, 64", "200, 56", "255, 1"})
    void givesBlocksAloneWhatTheyAreInTheWhole(int first, int count) throws NoSuchAlgorithmException {
        byte[] plain = stream("blocks");
        XtsAes cipher = new XtsAes(Arrays.copyOf(stream("key"), 64), plain.length);
        byte[] whole = plain.clone();
        cipher.encrypt(0x41900, 0, whole, 0, whole.length);

        byte[] part = plain.clone();
        int offset = first * XtsAes.BLOCK;
        int length = count * XtsAes.BLOCK;
        cipher.encrypt(0x41900, first, part, offset, length);
        assertThat(Arrays.copyOfRange(part, offset, offset + length))
                .isEqualTo(Arrays.copyOfRange(whole, offset, offset + length));
        assertThat(Arrays.copyOf(part, offset)).isEqualTo(Arrays.copyOf(plain, offset));
        cipher.decrypt(0x41900, first, part, offset, length);
        assertThat(part).isEqualTo(plain);
    }

    private static byte[] stream(String seed) throws NoSuchAlgorithmException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        for (long block = 0; out.size() < PhysicalAddress.GRANULE_SIZE; block++) {
            hash.update(seed.getBytes(StandardCharsets.UTF_8));
            out.writeBytes(hash.digest(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(block)
                    .array()));
        }
        return Arrays.copyOf(out.toByteArray(), PhysicalAddress.GRANULE_SIZE);
    }
}
