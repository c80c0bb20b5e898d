// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The kernel of a Realmesh guest: an arm64 Image header, as every loader wants it, and a boot manifest in the place of
/// code. The manifest is JSON, `{"version":1,"command":[…],"environment":{…}}`, padded with zeros to `image_size`.
///
/// @param command the program that is process 1 of the guest, and its arguments
/// @param environment its whole environment, but for what the processor adds
public record GuestKernel(List<String> command, Map<String, String> environment) {
    /// Length of the arm64 Image header.
    public static final int HEADER_BYTES = BootManifest.HEADER_BYTES;

    /// Largest `image_size` that is read.
    public static final int MAX_BYTES = 256 * 1024;

    private static final int MAGIC = 0x644d5241;
    private static final int MAGIC_AT = 56;
    private static final int IMAGE_SIZE_AT = 16;
    private static final int CODE0 = 0x91005a4d;
    private static final int CODE1 = 0x14000000;
    private static final long FLAGS_4K_ANYWHERE = 0xa;
    private static final int MAX_WORDS = 1024;

    public GuestKernel {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || !command.getFirst().startsWith("/")) {
            throw new GuestException.BadKernel("manifest: command " + command + " (expected: an absolute path first)");
        }
        if (command.size() > MAX_WORDS || environment.size() > MAX_WORDS) {
            throw new GuestException.BadKernel("manifest: %d words, %d variables (expected: at most %d of each)"
                    .formatted(command.size(), environment.size(), MAX_WORDS));
        }
        environment.keySet().forEach(GuestKernel::checkVariable);
    }

    private static void checkVariable(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
            throw new GuestException.BadKernel("manifest: variable '" + name + "' (expected: [A-Za-z_][A-Za-z0-9_]*)");
        }
    }

    /// The length of the kernel that starts with `header`, from its checked header.
    ///
    /// @throws GuestException.BadKernel if this is no arm64 Image header or its size is out of bounds
    public static int sizeFromHeader(byte[] header) {
        ByteBuffer words = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (header.length < HEADER_BYTES || words.getInt(MAGIC_AT) != MAGIC) {
            throw new GuestException.BadKernel("no arm64 Image header (expected: magic 0x644d5241 at offset 56)");
        }
        long size = words.getLong(IMAGE_SIZE_AT);
        if (size <= HEADER_BYTES || size > MAX_BYTES) {
            throw new GuestException.BadKernel(
                    "image_size %d (expected: %d to %d)".formatted(size, HEADER_BYTES + 1, MAX_BYTES));
        }
        return (int) size;
    }

    /// Reads a kernel, header included.
    ///
    /// @throws GuestException.BadKernel if it is not one of ours
    public static GuestKernel read(byte[] image) {
        JsonNode manifest = BootManifest.read(
                Arrays.copyOf(image, Math.min(sizeFromHeader(image), image.length)),
                Set.of("command", "environment"),
                GuestException.BadKernel::new);
        List<String> command = new ArrayList<>();
        manifest.get("command").forEach(word -> command.add(text(word)));
        Map<String, String> environment = new TreeMap<>();
        manifest.get("environment").properties().forEach(e -> environment.put(e.getKey(), text(e.getValue())));
        return new GuestKernel(command, environment);
    }

    private static String text(JsonNode node) {
        if (!node.isString() || node.stringValue().indexOf('\0') >= 0) {
            throw new GuestException.BadKernel("manifest: " + node.getNodeType() + " (expected: strings without NUL)");
        }
        return node.stringValue();
    }

    /// The kernel's bytes; equal for equal kernels.
    public byte[] bytes() {
        ObjectNode manifest = BootManifest.create();
        ArrayNode words = manifest.putArray("command");
        command.forEach(words::add);
        ObjectNode variables = manifest.putObject("environment");
        new TreeMap<>(environment).forEach(variables::put);
        byte[] pages = BootManifest.pages(manifest);
        ByteBuffer.wrap(pages)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(CODE0)
                .putInt(CODE1)
                .putLong(0)
                .putLong(pages.length)
                .putLong(FLAGS_4K_ANYWHERE)
                .putInt(MAGIC_AT, MAGIC);
        return pages;
    }
}
