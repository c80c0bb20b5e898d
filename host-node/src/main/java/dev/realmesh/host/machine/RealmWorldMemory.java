// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MemoryBus.Access;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Physical memory as the Realm world sees it: its own granules through the Realm space, encrypted under a context, and
/// the host's through the non-secure space, plain. Accesses stay inside one granule.
public final class RealmWorldMemory {
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final MemoryBus bus;

    RealmWorldMemory(MemoryBus bus) {
        this.bus = bus;
    }

    /// Reads plain bytes of the host.
    ///
    /// @throws MachineFault if the granule is not the host's
    public void readNonSecure(PhysicalAddress address, byte[] into, int offset, int length) {
        requireInside(address, length);
        bus.read(new Access(SecurityState.REALM, Pas.NON_SECURE, address), into, offset, length);
    }

    /// Writes plain bytes to memory of the host.
    ///
    /// @throws MachineFault if the granule is not the host's
    public void writeNonSecure(PhysicalAddress address, byte[] from, int offset, int length) {
        requireInside(address, length);
        bus.write(new Access(SecurityState.REALM, Pas.NON_SECURE, address), from, offset, length);
    }

    /// Reads bytes of a Realm's granule; costs the blocks of the cipher that hold them.
    ///
    /// @throws MachineFault if the granule is not in the Realm space
    public void read(MecId mecId, PhysicalAddress address, byte[] into, int offset, int length) {
        requireInside(address, length);
        bus.readEncrypted(realm(address), mecId, into, offset, length);
    }

    /// Writes bytes of a Realm's granule; costs the blocks of the cipher that hold them.
    ///
    /// @throws MachineFault if the granule is not in the Realm space
    public void write(MecId mecId, PhysicalAddress address, byte[] from, int offset, int length) {
        requireInside(address, length);
        bus.patchEncrypted(realm(address), mecId, from, offset, length);
    }

    /// The eight bytes at `address`, which is a multiple of eight, of a Realm's granule: a little-endian word.
    ///
    /// @throws MachineFault if the granule is not in the Realm space
    public long readWord(MecId mecId, PhysicalAddress address) {
        byte[] word = new byte[Long.BYTES];
        read(mecId, address, word, 0, word.length);
        return (long) LONG.get(word, 0);
    }

    /// Writes a word; otherwise as [#readWord].
    ///
    /// @throws MachineFault if the granule is not in the Realm space
    public void writeWord(MecId mecId, PhysicalAddress address, long value) {
        byte[] word = new byte[Long.BYTES];
        LONG.set(word, 0, value);
        write(mecId, address, word, 0, word.length);
    }

    /// Fills a Realm's granule from `granule`, which is left with the ciphertext.
    ///
    /// @throws MachineFault if the granule is not in the Realm space
    public void fill(MecId mecId, PhysicalAddress address, byte[] granule) {
        requireInside(address, granule.length);
        bus.writeEncrypted(realm(address), mecId, granule);
    }

    /// Overwrites a granule of the Realm space with zero bytes, whatever it held.
    ///
    /// @throws MachineFault if the granule is not in the Realm space
    public void scrub(PhysicalAddress granule) {
        bus.scrub(realm(granule));
    }

    private static Access realm(PhysicalAddress address) {
        return new Access(SecurityState.REALM, Pas.REALM, address);
    }

    private static int inGranule(PhysicalAddress address) {
        return (int) (address.value() & (GRANULE - 1));
    }

    private static void requireInside(PhysicalAddress address, int length) {
        if (length < 0 || inGranule(address) + length > GRANULE) {
            throw new IllegalArgumentException(
                    "access to " + address + ": " + length + " bytes (expected: inside a granule)");
        }
    }
}
