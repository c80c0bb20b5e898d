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
            cipher.encrypt(unit, granule);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(granule);
            assertThat(HEX.formatHex(hash))
                    .as("%s", each)
                    .isEqualTo(each.get("ciphertextSha256").asString());
            cipher.decrypt(unit, granule);
            assertThat(granule).isEqualTo(plain);
        }
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
