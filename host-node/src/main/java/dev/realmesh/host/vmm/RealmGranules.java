// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiStatus;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The granules of one Realm, from the host's pool and back: whatever happens in between, all that was taken is given
/// back in the end, and never a granule that the RMM still holds. Thread-safe.
final class RealmGranules {
    private static final Logger LOG = LoggerFactory.getLogger(RealmGranules.class);

    private final Rmi rmi;
    private final GranulePool pool;
    private final Set<PhysicalAddress> shared = new HashSet<>();
    private final Set<PhysicalAddress> delegated = new HashSet<>();

    RealmGranules(Rmi rmi, GranulePool pool) {
        this.rmi = rmi;
        this.pool = pool;
    }

    /// A granule that stays the host's, for what host and RMM tell each other.
    synchronized PhysicalAddress takeShared() {
        PhysicalAddress granule = pool.take();
        shared.add(granule);
        return granule;
    }

    /// A granule that now belongs to the Realm world.
    synchronized PhysicalAddress takeDelegated() {
        return delegate(pool.take());
    }

    /// As [#takeDelegated()], but `wanted` if the host has it.
    PhysicalAddress takeDelegated(PhysicalAddress wanted) {
        return delegate(pool.take(wanted));
    }

    /// As [#takeDelegated()], but if it can be one that 511 free ones follow, aligned to their total size.
    PhysicalAddress takeDelegatedStartOfRun() {
        return delegate(pool.takeStartOfRun());
    }

    /// Granules that follow each other, aligned to their total size, and now belong to the Realm world.
    synchronized PhysicalAddress takeDelegated(int count) {
        PhysicalAddress first = pool.takeAligned(count);
        int done = 0;
        try {
            for (; done < count; done++) {
                delegate(nth(first, done));
            }
            return first;
        } finally {
            for (int rest = done + 1; rest < count; rest++) {
                pool.give(nth(first, rest));
            }
        }
    }

    private static PhysicalAddress nth(PhysicalAddress first, int index) {
        return first.plus((long) index * PhysicalAddress.GRANULE_SIZE);
    }

    private PhysicalAddress delegate(PhysicalAddress granule) {
        RmiStatus status =
                rmi.call(RmiCommand.GRANULE_DELEGATE, granule.value()).status();
        if (!status.isSuccess()) {
            pool.give(granule);
            throw new VmmException.Refused(RmiCommand.GRANULE_DELEGATE, status);
        }
        delegated.add(granule);
        return granule;
    }

    /// Takes a granule back from the Realm world, which has no use for it any more.
    synchronized void release(PhysicalAddress granule) {
        if (!delegated.remove(granule)) {
            throw new IllegalArgumentException(granule + " was not delegated by this Realm");
        }
        RmiStatus status =
                rmi.call(RmiCommand.GRANULE_UNDELEGATE, granule.value()).status();
        if (status.isSuccess()) {
            pool.give(granule);
        } else {
            LOG.error("granule {}: the RMM keeps it: {}", granule, status);
        }
    }

    /// Takes all of them back.
    synchronized void releaseAll() {
        Set.copyOf(delegated).forEach(this::release);
        shared.forEach(pool::give);
        shared.clear();
    }
}
