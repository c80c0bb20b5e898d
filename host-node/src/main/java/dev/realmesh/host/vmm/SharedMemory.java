// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.host.vmm.device.DmaMemory;
import dev.realmesh.host.vmm.plan.BootPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The memory of the host that a Realm sees in the shared half of its address space: behind each page of its RAM there,
/// once it or a device touches it, a page that was zero. Thread-safe.
final class SharedMemory implements DmaMemory {
    /// A Realm shares buffers, not all that it has.
    private static final int MAX_PAGES = 4096;

    private static final int PAGE_LEVEL = 3;
    private static final int PAGE = PhysicalAddress.GRANULE_SIZE;

    /// Normal memory, write-back; read and write.
    private static final long ATTRIBUTES = 0xDC;

    private final Rmi rmi;
    private final RealmGranules granules;
    private final VirtualRealm realm;
    private final BootPlan.Range place;
    private final RealmTables tables;
    private final Map<Long, PhysicalAddress> pages = new HashMap<>();

    SharedMemory(Rmi rmi, RealmGranules granules, VirtualRealm realm, BootPlan plan) {
        this.rmi = rmi;
        this.granules = granules;
        this.realm = realm;
        long shared = plan.geometry().protectedTop();
        this.place = new BootPlan.Range(plan.ram().base() + shared, plan.ram().top() + shared);
        this.tables = new RealmTables(rmi, granules, realm.descriptor(), plan.geometry());
    }

    /// The page of the host that is at `ipa`; none where the Realm shares nothing.
    synchronized Optional<PhysicalAddress> page(long ipa) {
        long page = ipa & -PAGE;
        PhysicalAddress known = pages.get(page);
        if (known != null) {
            return Optional.of(known);
        }
        if (!place.contains(page) || pages.size() == MAX_PAGES) {
            return Optional.empty();
        }
        PhysicalAddress granule = granules.takeShared();
        rmi.write(granule, new byte[PAGE]);
        map(page, granule);
        pages.put(page, granule);
        return Optional.of(granule);
    }

    private void map(long page, PhysicalAddress granule) {
        RmiCommand command = RmiCommand.RTT_MAP_UNPROTECTED;
        long descriptor = granule.value() | ATTRIBUTES;
        RmiResult mapped = tables.whileMissing(
                page, () -> rmi.call(command, realm.descriptor().value(), page, PAGE_LEVEL, descriptor));
        if (!mapped.status().isSuccess()) {
            throw new VmmException.Refused(command, mapped.status());
        }
    }

    @Override
    public boolean read(long ipa, byte[] into) {
        return eachPage(ipa, into.length, (at, done, length) -> rmi.read(at, into, done, length));
    }

    @Override
    public boolean write(long ipa, byte[] from) {
        return eachPage(ipa, from.length, (at, done, length) -> rmi.write(at, from, done, length));
    }

    private boolean eachPage(long ipa, int length, Transfer transfer) {
        for (int done = 0; done < length; ) {
            long at = ipa + done;
            int inPage = (int) at & (PAGE - 1);
            int part = Math.min(length - done, PAGE - inPage);
            Optional<PhysicalAddress> page = page(at);
            if (page.isEmpty()) {
                return false;
            }
            transfer.move(page.get().plus(inPage), done, part);
            done += part;
        }
        return true;
    }

    @FunctionalInterface
    private interface Transfer {
        void move(PhysicalAddress at, int done, int length);
    }
}
