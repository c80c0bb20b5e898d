// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.vmm.qemu.QemuMachine;
import dev.realmesh.host.vmm.qemu.QemuPlan;
import dev.realmesh.testkit.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The cases of `rmm/rim-vmm.json`, with inputs made by the file's rule and machines as their command lines say.
public final class VmmVectors {
    private static final int FIRST_WORDS = 64;

    private VmmVectors() {}

    /// The kernel boots of QEMU that these plans cover.
    public static Stream<String> qemuKernelBoots() {
        return Stream.of("qemu-kernel-1g", "qemu-kernel-2g-sha256-nosve", "qemu-kernel-128m-bps");
    }

    public static JsonNode named(String name) {
        JsonNode cases =
                JsonMapper.shared().readTree(Vectors.text("rmm/rim-vmm.json")).get("cases");
        return StreamSupport.stream(cases.spliterator(), false)
                .filter(c -> c.get("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public static BootPlan plan(String name) {
        JsonNode vector = named(name);
        return QemuPlan.directBoot(machine(name), KernelImage.read(input(vector, "kernel")), input(vector, "initrd"));
    }

    /// The machine of `vmmArgs`, bounded by the capabilities of `hostConfigs` and `hostOptions`.
    private static QemuMachine machine(String name) {
        return switch (name) {
            case "qemu-kernel-1g" ->
                new QemuMachine(1L << 30, 2, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_512, "console=hvc0");
            case "qemu-kernel-2g-sha256-nosve" ->
                new QemuMachine(
                        2L << 30, 4, new VirtualCpu(6, 4, 0, false, 0), HashAlgorithm.SHA_256, "root=/dev/vda2 rw");
            case "qemu-kernel-128m-bps" ->
                new QemuMachine(128L << 20, 1, new VirtualCpu(4, 2, 0, true, 3), HashAlgorithm.SHA_256, "");
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Blob input(JsonNode vector, String role) {
        return StreamSupport.stream(vector.get("inputs").spliterator(), false)
                .filter(input -> input.get("role").stringValue().equals(role))
                .findFirst()
                .map(input -> Blob.of(content(input)))
                .orElse(Blob.empty());
    }

    private static byte[] content(JsonNode input) {
        byte[] seed = input.get("seed").stringValue().getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[input.get("size").intValue()];
        for (int at = 0; at < content.length; at += 32) {
            byte[] counter = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(at / 32)
                    .array();
            byte[] block = sha256(seed, counter);
            System.arraycopy(block, 0, content, at, Math.min(32, content.length - at));
        }
        if (input.has("linuxHeader")) {
            JsonNode header = input.get("linuxHeader");
            ByteBuffer.wrap(content)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(new byte[FIRST_WORDS])
                    .putInt(0, 0x91005a4d)
                    .putInt(4, 0x14000000)
                    .putLong(8, header.get("textOffset").longValue())
                    .putLong(16, header.get("imageSize").longValue())
                    .putLong(24, 0xa)
                    .putInt(56, KernelImage.MAGIC);
        }
        String expected = input.get("sha256").stringValue();
        if (!HexFormat.of().formatHex(sha256(content)).equals(expected)) {
            throw new IllegalStateException("vector input " + input.get("seed") + " is not made as its rule says");
        }
        return content;
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
