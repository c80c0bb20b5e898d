// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.StampedLock;

/// Where every access to physical memory passes: the granule protection check, then memory encryption, then the bytes.
/// An access and a change of the same granule's protection exclude each other, as TLB invalidation makes them in
/// hardware.
final class MemoryBus implements AutoCloseable {
    private static final int LOCKS = 1024;

    private final GranuleProtectionTable protection;
    private final PhysicalMemory memory;
    private final MemoryEncryption encryption = new MemoryEncryption();
    private final StampedLock[] locks = new StampedLock[LOCKS];

    MemoryBus(AddressMap map) {
        this.protection = new GranuleProtectionTable(map);
        this.memory = new PhysicalMemory(map.dram());
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new StampedLock();
        }
    }

    MemoryEncryption encryption() {
        return encryption;
    }

    /// Reads plain bytes inside one granule.
    void read(Access access, byte[] into, int offset, int length) {
        StampedLock lock = lock(access.address());
        long stamp = lock.readLock();
        try {
            check(access);
            memory.read(access.address(), into, offset, length);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /// Writes plain bytes inside one granule.
    void write(Access access, byte[] from, int offset, int length) {
        StampedLock lock = lock(access.address());
        long stamp = lock.readLock();
        try {
            check(access);
            memory.write(access.address(), from, offset, length);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /// Reads bytes inside one granule under `mecId`, decrypted.
    void readEncrypted(Access access, MecId mecId, byte[] into, int offset, int length) {
        Blocks blocks = Blocks.around(access.address(), length);
        if (blocks.areExact()) {
            read(access, into, offset, length);
            encryption.decrypt(mecId, access.address(), into, offset, length);
            return;
        }
        byte[] whole = new byte[blocks.size()];
        read(access.at(blocks.start()), whole, 0, whole.length);
        encryption.decrypt(mecId, blocks.start(), whole, 0, whole.length);
        System.arraycopy(whole, blocks.before(), into, offset, length);
    }

    /// Writes whole blocks inside one granule under `mecId`; `from` holds the ciphertext afterwards.
    void writeEncrypted(Access access, MecId mecId, byte[] from) {
        encryption.encrypt(mecId, access.address(), from, 0, from.length);
        write(access, from, 0, from.length);
    }

    /// Changes bytes inside one granule under `mecId`.
    void patchEncrypted(Access access, MecId mecId, byte[] from, int offset, int length) {
        Blocks blocks = Blocks.around(access.address(), length);
        byte[] whole = new byte[blocks.size()];
        StampedLock lock = lock(access.address());
        long stamp = lock.writeLock();
        try {
            check(access);
            if (!blocks.areExact()) {
                memory.read(blocks.start(), whole, 0, whole.length);
                encryption.decrypt(mecId, blocks.start(), whole, 0, whole.length);
            }
            System.arraycopy(from, offset, whole, blocks.before(), length);
            encryption.encrypt(mecId, blocks.start(), whole, 0, whole.length);
            memory.write(blocks.start(), whole, 0, whole.length);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// Zeroes the granule.
    void scrub(Access access) {
        StampedLock lock = lock(access.address());
        long stamp = lock.writeLock();
        try {
            check(access);
            memory.zero(access.address(), PhysicalAddress.GRANULE_SIZE);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// Moves the granule from one physical address space to another, if it is in the first.
    GranuleTransition move(PhysicalAddress granule, Pas from, Pas to) {
        if (!granule.isGranuleAligned() || !memory.has(granule)) {
            return GranuleTransition.BAD_ADDRESS;
        }
        StampedLock lock = lock(granule);
        long stamp = lock.writeLock();
        try {
            if (protection.at(granule) != Gpi.of(from)) {
                return GranuleTransition.BAD_SPACE;
            }
            protection.set(granule, to);
            return GranuleTransition.DONE;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// Bytes of DRAM that were ever written to, in chunks.
    long populated() {
        return memory.populated();
    }

    /// Writes out DRAM that was ever written to, as the memory holds it.
    void dump(OutputStream into) throws IOException {
        memory.dump(into);
    }

    /// The bytes of a granule as the memory holds them.
    byte[] probe(PhysicalAddress granule) {
        byte[] bytes = new byte[PhysicalAddress.GRANULE_SIZE];
        memory.read(granule, bytes, 0, bytes.length);
        return bytes;
    }

    /// Changes the bytes of a granule as the memory holds them.
    void interpose(PhysicalAddress granule, byte[] bytes) {
        memory.write(granule, bytes, 0, PhysicalAddress.GRANULE_SIZE);
    }

    @Override
    public void close() {
        memory.close();
    }

    private void check(Access access) {
        if (!access.state().mayName(access.pas())) {
            throw new MachineFault.SpaceNotAccessible(access.address(), access.state(), access.pas());
        }
        Gpi is = protection.at(access.address());
        if (!is.admits(access.pas())) {
            throw new MachineFault.GranuleProtection(access.address(), access.pas(), is);
        }
        if (!memory.has(access.address())) {
            throw new MachineFault.NoMemory(access.address());
        }
    }

    private StampedLock lock(PhysicalAddress address) {
        return locks[(int) (address.value() / PhysicalAddress.GRANULE_SIZE) & (LOCKS - 1)];
    }

    /// An access: who makes it, through which physical address space, and where it starts.
    record Access(SecurityState state, Pas pas, PhysicalAddress address) {
        /// The same access elsewhere.
        Access at(PhysicalAddress elsewhere) {
            return new Access(state, pas, elsewhere);
        }
    }

    /// The blocks of the cipher that hold some bytes of a granule.
    ///
    /// @param start where they begin
    /// @param before bytes from there to the first that is wanted
    /// @param size bytes of all of them
    /// @param wanted bytes that are wanted
    private record Blocks(PhysicalAddress start, int before, int size, int wanted) {
        static Blocks around(PhysicalAddress address, int length) {
            int before = (int) address.value() & (XtsAes.BLOCK - 1);
            int size = (before + length + XtsAes.BLOCK - 1) & -XtsAes.BLOCK;
            return new Blocks(address.plus(-before), before, size, length);
        }

        boolean areExact() {
            return size == wanted;
        }
    }
}
