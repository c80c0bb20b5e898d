// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import dev.realmesh.host.machine.Registers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The guest's early boot code: what a kernel does from its first instruction on until it has a root folder and knows
/// what to run. All of it is read out of Realm memory, so other bytes than the measured ones do not start.
///
/// @param kernel what to run
/// @param scratchIpa the last page of RAM, which user space may use for buffers of the RMM
/// @param memoryBytes memory of the Realm
/// @param cpus processors of the Realm, which user space turns on
record GuestBoot(GuestKernel kernel, long scratchIpa, long memoryBytes, int cpus) {
    private static final int PAGE = 4096;
    private static final InitrdUnpacker.Limits LIMITS = new InitrdUnpacker.Limits(20_000, 2L << 30);

    /// Boots from `entry`: kernel at pc, device tree at x0, and the initrd that the device tree names, which is
    /// unpacked
    /// into `root`, an empty folder.
    ///
    /// @throws GuestException if the guest is none
    /// @throws GuestMemory.FaultException if its memory is not all there; to be booted again then
    static GuestBoot from(GuestMemory memory, Registers entry, Path root) {
        byte[] header = memory.fetch(entry.pc(), GuestKernel.HEADER_BYTES);
        GuestKernel kernel = GuestKernel.read(memory.fetch(entry.pc(), GuestKernel.sizeFromHeader(header)));

        long treeAt = entry.x(0);
        byte[] treeHeader = memory.load(treeAt, FlattenedTree.HEADER_BYTES);
        GuestDeviceTree tree = GuestDeviceTree.read(memory.load(treeAt, FlattenedTree.sizeFromHeader(treeHeader)));

        try {
            InitrdUnpacker.unpack(memory.stream(tree.initrdStart(), tree.initrdEnd()), root, LIMITS);
        } catch (IOException e) {
            throw new GuestException.BadInitrd("cannot be unpacked to memory: " + e.getMessage());
        }
        String program = kernel.command().getFirst();
        if (!Files.isExecutable(root.resolve(program.substring(1)))) {
            throw new GuestException.BadInitrd("has no program " + program + ", which the kernel starts");
        }
        return new GuestBoot(kernel, tree.memoryBase() + tree.memorySize() - PAGE, tree.memorySize(), tree.cpus());
    }
}
