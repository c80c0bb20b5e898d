// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/// A granule of DRAM, as the RMM tracks it: one word with its state, its count of references, and a lock. Two objects
/// for the same granule are equal.
///
/// The count says who depends on the granule: an RD has as many as the Realm has RECs, an RTT as many as it has live
/// entries (tables and pages of the Realm), a REC has one while it runs, the others have none.
public final class Granule {
    private static final int LOCKED = 1;
    private static final int STATE_SHIFT = 1;
    private static final int STATE_MASK = 0x7 << STATE_SHIFT;
    private static final int COUNT_SHIFT = 16;

    /// Locks are held for the time of a command: waiting begins with spinning and goes on with naps.
    private static final int SPINS = 64;

    private static final long NAP_NANOS = 20_000;

    private final PhysicalAddress address;
    private final AtomicIntegerArray words;
    private final int index;

    Granule(PhysicalAddress address, AtomicIntegerArray words, int index) {
        this.address = address;
        this.words = words;
        this.index = index;
    }

    /// Where it is.
    public PhysicalAddress address() {
        return address;
    }

    /// Its state now; another thread may change it unless the lock is held.
    public GranuleState state() {
        return stateOf(words.get(index));
    }

    /// How many depend on it now.
    public int references() {
        return words.get(index) >>> COUNT_SHIFT;
    }

    /// Changes the count by `change`. Needs no lock: a REC leaves its Realm under its own.
    ///
    /// @throws IllegalStateException if the count would be less than 0 or more than 65,535
    public void addReferences(int change) {
        update(word -> {
            int count = (word >>> COUNT_SHIFT) + change;
            if (count < 0 || count > 0xFFFF) {
                throw new IllegalStateException(
                        "granule " + address + ": " + count + " references (expected: 0 to 65535)");
            }
            return (word & ((1 << COUNT_SHIFT) - 1)) | count << COUNT_SHIFT;
        });
    }

    /// Changes the state of a granule that is locked.
    void become(GranuleState next) {
        update(word -> {
            if (!stateOf(word).mayBecome(next) || word >>> COUNT_SHIFT != 0) {
                throw new IllegalStateException("granule " + address + ": " + stateOf(word) + " with "
                        + (word >>> COUNT_SHIFT) + " references to " + next + " (expected: a transition that exists)");
            }
            return (word & ~STATE_MASK) | next.code() << STATE_SHIFT;
        });
    }

    /// Waits until nobody has the lock, and takes it if the state is `expected` then.
    boolean lockIf(GranuleState expected) {
        for (int tries = 0; true; tries++) {
            int word = words.get(index);
            if ((word & LOCKED) != 0) {
                pause(tries);
            } else if (stateOf(word) != expected) {
                return false;
            } else if (words.compareAndSet(index, word, word | LOCKED)) {
                return true;
            }
        }
    }

    void unlock() {
        update(word -> word & ~LOCKED);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Granule that && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return address.hashCode();
    }

    private void update(IntUnaryOperator change) {
        words.updateAndGet(index, change);
    }

    static GranuleState stateOf(int word) {
        return GranuleState.ofCode((word & STATE_MASK) >>> STATE_SHIFT);
    }

    private static void pause(int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(NAP_NANOS);
        }
    }
}
