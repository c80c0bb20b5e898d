// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.StageTwoFault;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/// Realm memory as straight-line boot code reads it: what does not pass stage 2 is thrown, and served before the code
/// runs again.
final class GuestMemory {
    private final RealmMemory memory;

    /// An access that stage 2 did not let pass.
    static final class FaultException extends RuntimeException {
        private final transient StageTwoFault fault;

        FaultException(StageTwoFault fault) {
            super("stage 2 fault at " + fault.ipa(), null, false, false);
            this.fault = fault;
        }

        StageTwoFault fault() {
            return fault;
        }
    }

    GuestMemory(RealmMemory memory) {
        this.memory = memory;
    }

    /// Reads instructions.
    byte[] fetch(long ipa, int length) {
        byte[] bytes = new byte[length];
        require(memory.fetch(new IntermediatePhysicalAddress(ipa), bytes, 0, length));
        return bytes;
    }

    /// Reads data.
    byte[] load(long ipa, int length) {
        byte[] bytes = new byte[length];
        require(memory.load(new IntermediatePhysicalAddress(ipa), bytes, 0, length));
        return bytes;
    }

    /// The bytes of `[start, end)` as a stream, never all of them at once.
    InputStream stream(long start, long end) {
        return new InputStream() {
            private long at = start;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                Objects.checkFromIndexSize(offset, length, into.length);
                int part = (int) Math.min(length, end - at);
                if (part == 0) {
                    return length == 0 ? 0 : -1;
                }
                require(memory.load(new IntermediatePhysicalAddress(at), into, offset, part));
                at += part;
                return part;
            }
        };
    }

    private static void require(Optional<StageTwoFault> fault) {
        fault.ifPresent(present -> {
            throw new FaultException(present);
        });
    }
}
