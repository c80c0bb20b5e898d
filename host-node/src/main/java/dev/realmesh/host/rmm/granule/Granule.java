// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.concurrent.locks.ReentrantLock;

/// A granule of DRAM, as the RMM tracks it.
public final class Granule {
    private final PhysicalAddress address;
    private final ReentrantLock lock = new ReentrantLock();
    private GranuleState state = GranuleState.NS;

    Granule(PhysicalAddress address) {
        this.address = address;
    }

    /// Where it is.
    public PhysicalAddress address() {
        return address;
    }

    /// Its state now; another thread may change it unless the lock is held.
    public GranuleState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    void become(GranuleState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(
                    "granule " + address + ": " + state + " to " + next + " (expected: a transition that exists)");
        }
        state = next;
    }

    boolean lockIf(GranuleState expected) {
        lock.lock();
        if (state != expected) {
            lock.unlock();
            return false;
        }
        return true;
    }

    void unlock() {
        lock.unlock();
    }
}
