// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

/// What a guest's early boot code looks up in the device tree that its loader left in memory: `/chosen`, `/memory@…`
/// and `/cpus`.
///
/// @param memoryBase first IPA of the RAM
/// @param memorySize bytes of RAM
/// @param initrdStart first IPA of the initrd
/// @param initrdEnd the IPA after it
/// @param cpus processors
record GuestDeviceTree(long memoryBase, long memorySize, long initrdStart, long initrdEnd, int cpus) {
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

    /// Looks it up in a tree.
    ///
    /// @throws GuestException.BadDeviceTree if the tree is malformed or lacks RAM or initrd
    static GuestDeviceTree read(byte[] bytes) {
        FlattenedTree tree = FlattenedTree.read(bytes);
        String memory = tree.nodes().stream()
                .filter(node -> node.startsWith("/memory@"))
                .findFirst()
                .orElse("/memory");
        return new GuestDeviceTree(
                tree.number(memory + "/reg").orElse(0L),
                tree.number(memory + "/reg", 1).orElse(0L),
                tree.number("/chosen/linux,initrd-start").orElse(0L),
                tree.number("/chosen/linux,initrd-end").orElse(0L),
                (int) tree.nodes().stream()
                        .filter(node -> node.startsWith("/cpus/cpu@") && node.indexOf('/', "/cpus/".length()) < 0)
                        .count());
    }
}
