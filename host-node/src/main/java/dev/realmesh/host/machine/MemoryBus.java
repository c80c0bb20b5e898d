// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
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

    /// Reads the whole granule under `mecId`, decrypted.
    void readEncrypted(Access access, MecId mecId, byte[] granule) {
        read(access, granule, 0, PhysicalAddress.GRANULE_SIZE);
        encryption.decrypt(mecId, access.address(), granule);
    }

    /// Writes the whole granule under `mecId`; `granule` holds the ciphertext afterwards.
    void writeEncrypted(Access access, MecId mecId, byte[] granule) {
        encryption.encrypt(mecId, access.address(), granule);
        write(access, granule, 0, PhysicalAddress.GRANULE_SIZE);
    }

    /// Changes bytes inside one granule under `mecId`.
    void patchEncrypted(Access access, MecId mecId, int at, byte[] from, int offset, int length) {
        byte[] granule = new byte[PhysicalAddress.GRANULE_SIZE];
        StampedLock lock = lock(access.address());
        long stamp = lock.writeLock();
        try {
            check(access);
            memory.read(access.address(), granule, 0, granule.length);
            encryption.decrypt(mecId, access.address(), granule);
            System.arraycopy(from, offset, granule, at, length);
            encryption.encrypt(mecId, access.address(), granule);
            memory.write(access.address(), granule, 0, granule.length);
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
    boolean move(PhysicalAddress address, Pas from, Pas to) {
        if (!memory.has(address)) {
            return false;
        }
        StampedLock lock = lock(address);
        long stamp = lock.writeLock();
        try {
            if (protection.at(address) != Gpi.of(from)) {
                return false;
            }
            protection.set(address, to);
            return true;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /// The bytes of a granule as the memory holds them.
    byte[] probe(PhysicalAddress granule) {
        byte[] bytes = new byte[PhysicalAddress.GRANULE_SIZE];
        memory.read(granule, bytes, 0, bytes.length);
        return bytes;
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
    record Access(SecurityState state, Pas pas, PhysicalAddress address) {}
}
