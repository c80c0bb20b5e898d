// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.devicetree;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Writes a flattened device tree (Devicetree Specification 0.4, chapter 5; version 17), byte for byte as the `vm-fdt`
/// crate does: an empty reservation map, the structure block, then the strings, each whole name once in the order of
/// its
/// first use, without padding at the end. The bytes are measured, so order and padding count.
public final class FlatDeviceTree {
    private static final int MAGIC = 0xd00dfeed;
    private static final int VERSION = 17;
    private static final int LAST_COMPATIBLE_VERSION = 16;
    private static final int HEADER_BYTES = 40;
    private static final int RESERVATION_MAP_BYTES = 16;
    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int END = 9;

    private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Integer> stringOffsets = new LinkedHashMap<>();

    private FlatDeviceTree() {}

    /// Writes the tree whose root node `content` fills.
    public static byte[] write(Consumer<FlatDeviceTree> content) {
        FlatDeviceTree tree = new FlatDeviceTree();
        tree.node("", content);
        tree.u32(END);
        return tree.assemble();
    }

    /// A child of the node that is being filled.
    public FlatDeviceTree node(String name, Consumer<FlatDeviceTree> content) {
        u32(BEGIN_NODE);
        padded(terminated(name));
        content.accept(this);
        u32(END_NODE);
        return this;
    }

    /// A property without a value.
    public FlatDeviceTree flag(String name) {
        return property(name, new byte[0]);
    }

    /// A property of one or more zero-terminated strings.
    public FlatDeviceTree text(String name, String... values) {
        return property(name, terminated(String.join("\0", values)));
    }

    /// A property of 32-bit cells.
    public FlatDeviceTree cells(String name, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
        bytes.asIntBuffer().put(values);
        return property(name, bytes.array());
    }

    /// A property of 64-bit numbers, two cells each.
    public FlatDeviceTree wide(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return property(name, bytes.array());
    }

    private FlatDeviceTree property(String name, byte[] value) {
        u32(PROPERTY);
        u32(value.length);
        u32(stringOffset(name));
        padded(value);
        return this;
    }

    private int stringOffset(String name) {
        return stringOffsets.computeIfAbsent(name, first -> {
            int offset = strings.size();
            strings.writeBytes(terminated(first));
            return offset;
        });
    }

    private static byte[] terminated(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private void u32(int value) {
        structure.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    private void padded(byte[] bytes) {
        structure.writeBytes(bytes);
        structure.writeBytes(new byte[-bytes.length & 3]);
    }

    private byte[] assemble() {
        int structureAt = HEADER_BYTES + RESERVATION_MAP_BYTES;
        int stringsAt = structureAt + structure.size();
        int size = stringsAt + strings.size();
        return ByteBuffer.allocate(size)
                .putInt(MAGIC)
                .putInt(size)
                .putInt(structureAt)
                .putInt(stringsAt)
                .putInt(HEADER_BYTES)
                .putInt(VERSION)
                .putInt(LAST_COMPATIBLE_VERSION)
                .putInt(0)
                .putInt(strings.size())
                .putInt(structure.size())
                .put(new byte[RESERVATION_MAP_BYTES])
                .put(structure.toByteArray())
                .put(strings.toByteArray())
                .array();
    }
}
