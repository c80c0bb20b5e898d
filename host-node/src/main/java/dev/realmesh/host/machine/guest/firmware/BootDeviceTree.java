// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.host.machine.guest.FlattenedTree;
import dev.realmesh.host.machine.guest.GuestException;
import java.util.Optional;
import java.util.Set;

/// What firmware looks up in the device tree, and what it changes there for the kernel. The tree is measured.
final class BootDeviceTree {
    private final FlattenedTree tree;

    /// A part of the address space.
    record Range(long base, long size) {
        long end() {
            return base + size;
        }

        /// Whether all of `other` is in this.
        boolean holds(Range other) {
            return other.size >= 0 && other.base >= base && other.end() >= other.base && other.end() <= end();
        }

        @Override
        public String toString() {
            return "0x%x to 0x%x".formatted(base, end());
        }
    }

    private BootDeviceTree(FlattenedTree tree) {
        this.tree = tree;
    }

    /// Reads the tree at `address`.
    ///
    /// @throws GuestException.BadDeviceTree if there is none
    static BootDeviceTree load(FirmwareCore core, long address) {
        int size = FlattenedTree.sizeFromHeader(core.load(address, FlattenedTree.HEADER_BYTES));
        return new BootDeviceTree(FlattenedTree.read(core.load(address, size)));
    }

    /// The RAM.
    Range memory() {
        return tree.nodes().stream()
                .filter(node -> node.startsWith("/memory@"))
                .findFirst()
                .map(this::range)
                .filter(ram -> ram.base() >= 0 && ram.size() > 0 && ram.end() > 0)
                .orElseThrow(() -> new GuestException.BadDeviceTree("no /memory@… (expected: some RAM)"));
    }

    /// Base of the registers of the fw_cfg device.
    long firmwareConfig() {
        return only("qemu,fw-cfg-mmio")
                .map(this::range)
                .map(Range::base)
                .orElseThrow(() -> new GuestException.BadDeviceTree("no qemu,fw-cfg-mmio (expected: QEMU's fw_cfg)"));
    }

    /// Where the log of events is, if there is one.
    Optional<Range> eventLog() {
        return only("cc-event-log").map(this::range);
    }

    /// The kernel command line; empty if there is none.
    String commandLine() {
        return tree.text("/chosen/bootargs").orElse("");
    }

    /// Tells the kernel where the initrd is.
    void setInitrd(Range initrd) {
        tree.setNumber("/chosen/linux,initrd-start", initrd.base());
        tree.setNumber("/chosen/linux,initrd-end", initrd.end());
    }

    /// Bytes of the tree.
    int size() {
        return tree.size();
    }

    byte[] toByteArray() {
        return tree.toByteArray();
    }

    private Optional<String> only(String compatible) {
        Set<String> nodes = tree.compatibleWith(compatible);
        if (nodes.size() > 1) {
            throw new GuestException.BadDeviceTree("%d nodes %s (expected: one)".formatted(nodes.size(), compatible));
        }
        return nodes.stream().findFirst();
    }

    private Range range(String node) {
        return new Range(
                tree.number(node + "/reg").orElse(0L),
                tree.number(node + "/reg", 1).orElse(0L));
    }
}
