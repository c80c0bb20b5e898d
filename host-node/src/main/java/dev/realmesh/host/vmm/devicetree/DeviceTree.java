// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.devicetree;

import dev.realmesh.cca.Bytes;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.PlanException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// A flattened device tree as it was read (Devicetree Specification 0.4, chapter 5), flat: the value of each property
/// by its path, `/memory@40000000/reg`, in the order of the file.
///
/// @param nodes the paths of all nodes, `/memory@40000000`; empty for the root
/// @param properties the values
public record DeviceTree(Set<String> nodes, Map<String, Bytes> properties) {
    /// Longest tree that is read.
    public static final int MAX_BYTES = 2 << 20;

    private static final int MAGIC = 0xd00dfeed;
    private static final int HEADER_BYTES = 40;
    private static final int MAX_DEPTH = 64;
    private static final int STRUCTURE_AT = 8;
    private static final int STRINGS_AT = 12;
    private static final int TOTAL_SIZE_AT = 4;
    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int NOP = 4;
    private static final int END = 9;

    public DeviceTree {
        nodes = Collections.unmodifiableSet(new LinkedHashSet<>(nodes));
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /// `blob`, if it is a device tree; zero bytes may follow it.
    ///
    /// @throws PlanException.BadDeviceTree if it is none
    public static Blob checked(Blob blob) {
        if (blob.size() > MAX_BYTES) {
            throw new PlanException.BadDeviceTree("%d bytes (expected: at most %d)".formatted(blob.size(), MAX_BYTES));
        }
        read(blob.toByteArray());
        return blob;
    }

    /// Reads a tree of less than 2 GiB.
    ///
    /// @throws PlanException.BadDeviceTree if it is none
    public static DeviceTree read(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || ByteBuffer.wrap(bytes).getInt() != MAGIC) {
            throw new PlanException.BadDeviceTree("no header (expected: one that begins with d00dfeed)");
        }
        try {
            return new Reader(bytes).read();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new PlanException.BadDeviceTree("broken: something in it lies outside it (expected: a whole tree)");
        }
    }

    /// Reads the structure block, keeping the path of the node that it is in.
    private static final class Reader {
        private final ByteBuffer structure;
        private final ByteBuffer strings;
        private final Deque<String> path = new ArrayDeque<>();
        private final Set<String> nodes = new LinkedHashSet<>();
        private final Map<String, Bytes> properties = new LinkedHashMap<>();

        Reader(byte[] bytes) {
            ByteBuffer all = ByteBuffer.wrap(bytes);
            int size = all.getInt(TOTAL_SIZE_AT);
            this.structure = all.duplicate().limit(size).position(all.getInt(STRUCTURE_AT));
            this.strings =
                    all.duplicate().limit(size).position(all.getInt(STRINGS_AT)).slice();
        }

        DeviceTree read() {
            int token = structure.getInt();
            while (token != END) {
                switch (token) {
                    case BEGIN_NODE -> begin();
                    case END_NODE -> {
                        if (path.isEmpty()) {
                            throw new PlanException.BadDeviceTree("a node ends twice (expected: once)");
                        }
                        path.removeLast();
                    }
                    case PROPERTY -> property();
                    case NOP -> {}
                    default ->
                        throw new PlanException.BadDeviceTree(
                                "token 0x%x (expected: that of a node or property)".formatted(token));
                }
                token = structure.getInt();
            }
            if (!path.isEmpty()) {
                throw new PlanException.BadDeviceTree("a node does not end (expected: that it does)");
            }
            return new DeviceTree(nodes, properties);
        }

        private void begin() {
            String name = text(structure);
            align();
            if (path.size() == MAX_DEPTH) {
                throw new PlanException.BadDeviceTree("nodes deeper than %d".formatted(MAX_DEPTH));
            }
            path.addLast(name);
            nodes.add(String.join("/", path));
        }

        private void property() {
            byte[] value = new byte[checkedLength(structure.getInt())];
            String name = text(strings.duplicate().position(structure.getInt()));
            structure.get(value);
            align();
            properties.put(String.join("/", path) + "/" + name, Bytes.copyOf(value));
        }

        private int checkedLength(int length) {
            if (length < 0 || length > structure.remaining()) {
                throw new IndexOutOfBoundsException(length);
            }
            return length;
        }

        private void align() {
            structure.position((structure.position() + 3) & -Integer.BYTES);
        }

        private static String text(ByteBuffer from) {
            ByteBuffer start = from.duplicate();
            int length = 0;
            while (from.get() != 0) {
                length++;
            }
            byte[] text = new byte[length];
            start.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
