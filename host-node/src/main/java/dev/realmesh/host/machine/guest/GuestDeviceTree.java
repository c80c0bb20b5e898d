// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a guest's early boot code looks up in the flattened device tree that its loader left in memory (Devicetree
/// Specification 0.4, chapter 5). Only `/chosen`, `/memory@…` and `/cpus` are read; the bytes are untrusted and
/// bounded.
///
/// @param memoryBase first IPA of the RAM
/// @param memorySize bytes of RAM
/// @param initrdStart first IPA of the initrd
/// @param initrdEnd the IPA after it
/// @param cpus processors
record GuestDeviceTree(long memoryBase, long memorySize, long initrdStart, long initrdEnd, int cpus) {
    /// Length of the header, which says how long the rest is.
    static final int HEADER_BYTES = 40;

    /// Largest tree that arm64's boot protocol allows.
    static final int MAX_BYTES = 2 << 20;

    private static final int MAGIC = 0xd00dfeed;
    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int NOP = 4;
    private static final int END = 9;
    private static final int MAX_DEPTH = 16;

    GuestDeviceTree {
        if (memorySize <= 0 || memoryBase < 0 || memoryBase + memorySize < 0) {
            throw new GuestException.BadDeviceTree(
                    "memory of %d bytes at 0x%x (expected: some RAM)".formatted(memorySize, memoryBase));
        }
        if (cpus < 1) {
            throw new GuestException.BadDeviceTree("no /cpus/cpu@… (expected: at least one)");
        }
        if (initrdStart < memoryBase || initrdEnd <= initrdStart || initrdEnd > memoryBase + memorySize) {
            throw new GuestException.BadDeviceTree("initrd 0x%x to 0x%x (expected: inside RAM, 0x%x to 0x%x)"
                    .formatted(initrdStart, initrdEnd, memoryBase, memoryBase + memorySize));
        }
    }

    /// The whole tree's length, from its first [#HEADER_BYTES] bytes.
    ///
    /// @throws GuestException.BadDeviceTree if this is no device tree or it is too long
    static int sizeFromHeader(byte[] header) {
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

    /// Reads a tree.
    ///
    /// @throws GuestException.BadDeviceTree if it is malformed or lacks RAM or initrd
    static GuestDeviceTree read(byte[] tree) {
        try {
            return new Reader(tree).read();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new GuestException.BadDeviceTree("ends in the middle of a node, or points outside itself");
        }
    }

    /// One pass over the structure block.
    private static final class Reader {
        private final byte[] tree;
        private final ByteBuffer structure;
        private final int stringsAt;
        private long memoryBase;
        private long memorySize;
        private long initrdStart;
        private long initrdEnd;
        private int cpus;

        Reader(byte[] tree) {
            this.tree = tree;
            ByteBuffer header = ByteBuffer.wrap(tree);
            this.structure = ByteBuffer.wrap(tree).position(header.getInt(8));
            this.stringsAt = header.getInt(12);
        }

        GuestDeviceTree read() {
            String[] path = new String[MAX_DEPTH];
            int depth = 0;
            while (true) {
                int token = structure.getInt();
                switch (token) {
                    case BEGIN_NODE -> {
                        path[depth++] = nodeName();
                        boolean isCpu = depth == 3 && path[1].equals("cpus") && path[2].startsWith("cpu@");
                        cpus += isCpu ? 1 : 0;
                    }
                    case END_NODE -> depth--;
                    case PROPERTY -> property(depth == 2 ? path[1] : "");
                    case NOP -> {}
                    case END -> {
                        return new GuestDeviceTree(memoryBase, memorySize, initrdStart, initrdEnd, cpus);
                    }
                    default -> throw new GuestException.BadDeviceTree("token " + token + " in the structure block");
                }
            }
        }

        private String nodeName() {
            String name = textAt(structure.position());
            skip(name.length() + 1);
            return name;
        }

        private void property(String node) {
            int length = structure.getInt();
            String name = textAt(stringsAt + structure.getInt());
            int valueAt = structure.position();
            skip(length);
            switch (node + "/" + name) {
                case "chosen/linux,initrd-start" -> initrdStart = number(valueAt, length);
                case "chosen/linux,initrd-end" -> initrdEnd = number(valueAt, length);
                default -> {
                    if (node.startsWith("memory@") && name.equals("reg")) {
                        memoryBase = structure.getLong(valueAt);
                        memorySize = structure.getLong(valueAt + Long.BYTES);
                    }
                }
            }
        }

        private long number(int at, int length) {
            return length == Integer.BYTES ? Integer.toUnsignedLong(structure.getInt(at)) : structure.getLong(at);
        }

        private String textAt(int start) {
            int end = start;
            while (tree[end] != 0) {
                end++;
            }
            return new String(tree, start, end - start, StandardCharsets.ISO_8859_1);
        }

        private void skip(int length) {
            if (length < 0) {
                throw new BufferUnderflowException();
            }
            structure.position(structure.position() + ((length + 3) & ~3));
        }
    }
}
