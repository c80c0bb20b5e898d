// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.rmm.RmiEntry;

/// The Realm Management Interface as the host calls it: by SMC, with structures in pages of its own memory.
final class Rmi {
    private final RmiEntry entry;
    private final HostMemory memory;

    Rmi(RmiEntry entry, HostMemory memory) {
        this.entry = entry;
        this.memory = memory;
    }

    /// Calls a command.
    RmiResult call(RmiCommand command, long... arguments) {
        return RmiResult.of(entry.smc(command.fid(), arguments));
    }

    /// Calls a command that a correct host may expect to succeed.
    ///
    /// @throws VmmException.Refused if it does not
    RmiResult require(RmiCommand command, long... arguments) {
        RmiResult result = call(command, arguments);
        if (!result.status().isSuccess()) {
            throw new VmmException.Refused(command, result.status());
        }
        return result;
    }

    /// Writes a page of the host.
    void write(PhysicalAddress page, byte[] content) {
        memory.write(page, content);
    }

    /// Reads a page of the host.
    byte[] read(PhysicalAddress page) {
        return memory.readGranule(page);
    }

    /// Writes bytes inside a page of the host.
    void write(PhysicalAddress address, byte[] from, int offset, int length) {
        memory.write(address, from, offset, length);
    }

    /// Reads bytes inside a page of the host.
    void read(PhysicalAddress address, byte[] into, int offset, int length) {
        memory.read(address, into, offset, length);
    }
}
