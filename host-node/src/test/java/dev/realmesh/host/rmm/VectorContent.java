// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/// Contents of inputs by the rule of the vectors: a stream of hashes of a seed, under an arm64 image header if asked
/// for.
final class VectorContent {
    private static final int HEADER = 64;

    private VectorContent() {}

    static byte[] of(JsonNode input) {
        byte[] bytes = stream(input.get("seed").asString(), input.get("size").asInt());
        if (input.has("linuxHeader")) {
            JsonNode header = input.get("linuxHeader");
            ByteBuffer image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            Arrays.fill(bytes, 0, Math.min(HEADER, bytes.length), (byte) 0);
            image.putInt(0, 0x91005a4d);
            image.putInt(4, 0x14000000);
            image.putLong(8, header.get("textOffset").asLong());
            image.putLong(16, header.get("imageSize").asLong());
            image.putLong(24, 0xa);
            image.putInt(56, 0x644d5241);
        }
        return bytes;
    }

    private static byte[] stream(String seed, int size) {
        ByteBuffer out = ByteBuffer.allocate(size + 32);
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (long block = 0; out.position() < size; block++) {
                hash.update(seed.getBytes(StandardCharsets.UTF_8));
                out.put(hash.digest(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(block)
                        .array()));
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return Arrays.copyOf(out.array(), size);
    }
}
