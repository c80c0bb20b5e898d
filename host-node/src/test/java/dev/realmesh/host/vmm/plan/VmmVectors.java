// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.host.vmm.VirtualMachineMonitor;
import dev.realmesh.host.vmm.arguments.Capability;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.testkit.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.provider.Arguments;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The cases of `rmm/rim-vmm.json` and `rmm/rim-upstream.json`, with inputs made by the files' rules, planned from the
/// command lines that `realm-measurements` was given.
public final class VmmVectors {
    private static final int FIRST_WORDS = 64;

    private VmmVectors() {}

    /// The Realms that an RMM builds.
    public static Stream<Arguments> realms() {
        return cases("rmm/rim-vmm.json").filter(each -> !each.has("rmmRefuses")).map(VmmVectors::named);
    }

    /// The Realms that it refuses.
    public static Stream<Arguments> refusedRealms() {
        return cases("rmm/rim-vmm.json").filter(each -> each.has("rmmRefuses")).map(VmmVectors::named);
    }

    /// Upstream's own tests.
    public static Stream<Arguments> upstream() {
        return cases("rmm/rim-upstream.json").map(VmmVectors::named);
    }

    private static Arguments named(JsonNode vector) {
        return Arguments.of(vector.get("name").asString(), vector);
    }

    private static Stream<JsonNode> cases(String file) {
        JsonNode cases = JsonMapper.shared().readTree(Vectors.text(file)).get("cases");
        return StreamSupport.stream(cases.spliterator(), false);
    }

    /// The Realm of a case.
    public static PlannedRealm plan(JsonNode vector) {
        return plan(vector, images(vector));
    }

    /// The Realm of a case of upstream's tests, which share their inputs.
    public static PlannedRealm planUpstream(JsonNode vector) {
        String kernel = JsonMapper.shared()
                .readTree(Vectors.text("rmm/rim-upstream.json"))
                .get("kernelHex")
                .asString();
        BootImages images = BootImages.NONE
                .with(Role.KERNEL, Blob.of(HexFormat.of().parseHex(kernel)))
                .with(Role.FIRMWARE, Blob.of("FW CONTENT".getBytes(StandardCharsets.US_ASCII)))
                .with(Role.INITRD, Blob.of("INITRD CONTENT".getBytes(StandardCharsets.US_ASCII)));
        return plan(vector, images);
    }

    private static PlannedRealm plan(JsonNode vector, BootImages images) {
        List<String> arguments = new ArrayList<>();
        vector.get("vmmArgs").forEach(argument -> arguments.add(argument.asString()));
        return VirtualMachineMonitor.named(vector.get("vmm").asString()).plan(arguments, host(vector), images);
    }

    private static HostCapabilities host(JsonNode vector) {
        HostCapabilities host = HostCapabilities.NONE;
        for (JsonNode name : vector.path("hostConfigs")) {
            host = host.atMost(HostCapabilities.named(name.asString()));
        }
        for (Map.Entry<String, JsonNode> option : vector.get("hostOptions").properties()) {
            String name = option.getKey().replace('-', '_').toUpperCase(Locale.ROOT);
            host = host.with(Capability.valueOf(name), option.getValue().asInt());
        }
        return host;
    }

    private static BootImages images(JsonNode vector) {
        BootImages images = BootImages.NONE;
        for (JsonNode input : vector.get("inputs")) {
            Role role = Role.valueOf(input.get("role").asString().toUpperCase(Locale.ROOT));
            images = images.with(role, Blob.of(content(input)));
        }
        return images;
    }

    private static byte[] content(JsonNode input) {
        byte[] seed = input.get("seed").asString().getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[input.get("size").asInt()];
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
                    .putLong(8, header.get("textOffset").asLong())
                    .putLong(16, header.get("imageSize").asLong())
                    .putLong(24, 0xa)
                    .putInt(56, KernelImage.MAGIC);
        }
        String expected = input.get("sha256").asString();
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
