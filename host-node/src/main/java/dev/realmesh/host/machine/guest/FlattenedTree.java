// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A flattened device tree as a loader left it in memory (Devicetree Specification 0.4, chapter 5). The bytes are
/// untrusted and bounded.
public final class FlattenedTree {
    /// Length of the header, which says how long the rest is.
    public static final int HEADER_BYTES = 40;

    /// Largest tree that arm64's boot protocol allows.
    static final int MAX_BYTES = 2 << 20;

    private static final int MAGIC = 0xd00dfeed;
    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int NOP = 4;
    private static final int END = 9;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_NAME = 128;
    private static final int MAX_PROPERTIES = 50_000;

    private final ByteBuffer bytes;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Set<String> nodes = new LinkedHashSet<>();

    /// Where a property's value is.
    private record Value(int at, int length) {}

    private FlattenedTree(byte[] tree) {
        this.bytes = ByteBuffer.wrap(tree);
    }

    /// The whole tree's length, from its first [#HEADER_BYTES] bytes.
    ///
    /// @throws GuestException.BadDeviceTree if this is no device tree or it is too long
    public static int sizeFromHeader(byte[] header) {
        ByteBuffer words = ByteBuffer.wrap(header);
        int magic = words.getInt();
        int size = words.getInt();
        if (magic != MAGIC) {
            throw new GuestException.BadDeviceTree("magic 0x%08x (expected: 0xd00dfeed)".formatted(magic));
        }
        if (size < HEADER_BYTES || size > MAX_BYTES) {
            throw new GuestException.BadDeviceTree(
                    "%d bytes (expected: %d to %d)".formatted(size, HEADER_BYTES, MAX_BYTES));
        }
        return size;
    }

    /// Reads a tree; the array is taken over.
    ///
    /// @throws GuestException.BadDeviceTree if it is malformed
    public static FlattenedTree read(byte[] tree) {
        FlattenedTree read = new FlattenedTree(tree);
        try {
            read.readStructure(read.bytes.getInt(8), read.bytes.getInt(12));
            return read;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new GuestException.BadDeviceTree("ends in the middle of a node, or points outside itself");
        }
    }

    private void readStructure(int structureAt, int stringsAt) {
        bytes.position(structureAt);
        Deque<String> path = new ArrayDeque<>();
        while (true) {
            int token = bytes.getInt();
            switch (token) {
                case BEGIN_NODE -> {
                    path.push(childOf(path, skipText()));
                    nodes.add(path.element());
                }
                case END_NODE -> {
                    if (path.poll() == null) {
                        throw new BufferUnderflowException();
                    }
                }
                case PROPERTY -> readProperty(Optional.ofNullable(path.peek()).orElse(""), stringsAt);
                case NOP -> {}
                case END -> {
                    return;
                }
                default -> throw new GuestException.BadDeviceTree("token " + token + " in the structure block");
            }
        }
    }

    /// The root's path is empty, that of its child `/name`.
    private static String childOf(Deque<String> path, String name) {
        if (path.size() == MAX_DEPTH) {
            throw new IndexOutOfBoundsException(path.size());
        }
        return path.isEmpty() ? "" : path.element() + "/" + name;
    }

    private void readProperty(String node, int stringsAt) {
        int length = bytes.getInt();
        String name = text(stringsAt + bytes.getInt());
        values.put(node + "/" + name, new Value(bytes.position(), length));
        if (values.size() > MAX_PROPERTIES) {
            throw new GuestException.BadDeviceTree("more than %d properties".formatted(MAX_PROPERTIES));
        }
        skip(length);
    }

    private String skipText() {
        String text = text(bytes.position());
        skip(text.length() + 1);
        return text;
    }

    private void skip(int length) {
        if (length < 0) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + ((length + 3) & ~3));
    }

    private String text(int start) {
        int end = start;
        while (bytes.get(end) != 0) {
            end++;
            if (end - start > MAX_NAME) {
                throw new GuestException.BadDeviceTree("a name of more than %d bytes".formatted(MAX_NAME));
            }
        }
        return new String(bytes.array(), start, end - start, StandardCharsets.ISO_8859_1);
    }

    /// The paths of all nodes, such as `/cpus/cpu@0`.
    public Set<String> nodes() {
        return Collections.unmodifiableSet(nodes);
    }

    /// The paths of nodes that call themselves `compatible`.
    public Set<String> compatibleWith(String compatible) {
        Set<String> found = new LinkedHashSet<>();
        for (String node : nodes) {
            String list = text(node + "/compatible").orElse("");
            if (Set.of(list.split("\0", -1)).contains(compatible)) {
                found.add(node);
            }
        }
        return found;
    }

    /// The number of one or two cells that is the property with this path, such as `/chosen/linux,initrd-start`.
    public Optional<Long> number(String property) {
        return number(property, 0);
    }

    /// The number of two cells at `index` of the property; if it has one cell only, that.
    public Optional<Long> number(String property, int index) {
        Value value = values.get(property);
        if (value == null) {
            return Optional.empty();
        }
        if (index == 0 && value.length() == Integer.BYTES) {
            return Optional.of(Integer.toUnsignedLong(bytes.getInt(value.at())));
        }
        if (value.length() < Long.BYTES * (index + 1)) {
            throw new GuestException.BadDeviceTree(
                    "%s of %d bytes (expected: %d)".formatted(property, value.length(), Long.BYTES * (index + 1)));
        }
        return Optional.of(bytes.getLong(value.at() + Long.BYTES * index));
    }

    /// The text that is the property with this path, without the NUL at its end.
    public Optional<String> text(String property) {
        Value value = values.get(property);
        if (value == null) {
            return Optional.empty();
        }
        int length = value.length() > 0 && bytes.get(value.at() + value.length() - 1) == 0
                ? value.length() - 1
                : value.length();
        return Optional.of(new String(bytes.array(), value.at(), length, StandardCharsets.UTF_8));
    }

    /// Changes a property of two cells, in place.
    ///
    /// @throws GuestException.BadDeviceTree if it is not there
    public void setNumber(String property, long number) {
        Value value = values.get(property);
        if (value == null || value.length() != Long.BYTES) {
            throw new GuestException.BadDeviceTree(property + ": not there (expected: a number of two cells)");
        }
        bytes.putLong(value.at(), number);
    }

    /// Length of the tree in bytes.
    public int size() {
        return bytes.capacity();
    }

    /// A copy of the tree's bytes.
    public byte[] toByteArray() {
        return bytes.array().clone();
    }
}
