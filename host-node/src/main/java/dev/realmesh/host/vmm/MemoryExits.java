// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit.RipasChange;
import dev.realmesh.cca.abi.RecExit.Sync;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.host.vmm.device.MmioDevice;
import dev.realmesh.host.vmm.plan.BootPlan;
import java.util.List;
import java.util.Optional;

/// The host's part of the accesses that made a REC exit: it gives the Realm pages where the Realm has RAM, its own in
/// the half that they share, and answers for its devices, whose registers are in that half too.
final class MemoryExits {
    private static final int CLASS_SHIFT = 26;
    private static final int CLASS_MASK = 0x3F;
    private static final int CLASS_INSTRUCTION_ABORT = 0x20;
    private static final int CLASS_DATA_ABORT = 0x24;
    private static final long HPFAR_TO_IPA = 8;
    private static final long IN_PAGE = 0xFFF;
    private static final long TRANSFER_VALID = 1 << 24;
    private static final int TRANSFER_SIZE_SHIFT = 22;
    private static final long WRITE = 1 << 6;

    private final VirtualRealm realm;
    private final BootPlan.Range ram;
    private final SharedMemory shared;
    private final List<MmioDevice> devices;
    private final long sharedBit;

    /// @param plan says where the Realm's RAM is; the host gives it no other
    MemoryExits(VirtualRealm realm, BootPlan plan, SharedMemory shared, List<MmioDevice> devices) {
        this.realm = realm;
        this.ram = plan.ram();
        this.sharedBit = plan.geometry().protectedTop();
        this.shared = shared;
        this.devices = List.copyOf(devices);
    }

    /// Resolves an abort; other exceptions are none of memory's.
    ///
    /// @throws VmmException.RealmFault if the Realm has nothing there and will not have
    RecEnter resolve(Sync exit) {
        int exceptionClass = (int) (exit.esr() >>> CLASS_SHIFT) & CLASS_MASK;
        if (exceptionClass != CLASS_DATA_ABORT && exceptionClass != CLASS_INSTRUCTION_ABORT) {
            return RecEnter.of(0);
        }
        long ipa = exit.hpfar() << HPFAR_TO_IPA;
        if (ram.contains(ipa)) {
            realm.populate(ipa);
            return RecEnter.of(0);
        }
        if (realm.isShared(ipa)) {
            return resolveShared(exit, ipa | (exit.far() & IN_PAGE));
        }
        throw new VmmException.RealmFault(
                "access to 0x%x (expected: RAM, 0x%x to 0x%x)".formatted(ipa, ram.base(), ram.top()));
    }

    private RecEnter resolveShared(Sync exit, long ipa) {
        Optional<MmioDevice> device = devices.stream()
                .filter(each -> each.place().contains(ipa - sharedBit))
                .findFirst();
        if (device.isPresent() && (exit.esr() & TRANSFER_VALID) != 0) {
            return emulate(device.get(), exit, ipa - sharedBit);
        }
        return RecEnter.of(shared.page(ipa).isPresent() ? 0 : RecEnter.INJECT_ABORT);
    }

    private static RecEnter emulate(MmioDevice device, Sync exit, long address) {
        int bytes = 1 << (exit.esr() >>> TRANSFER_SIZE_SHIFT & 3);
        long offset = address - device.place().base();
        if ((exit.esr() & WRITE) == 0) {
            return RecEnter.emulated(device.read(offset, bytes));
        }
        device.write(offset, bytes, exit.registers().get(0));
        return RecEnter.emulated(0);
    }

    /// Grants RAM where the Realm has RAM, and any wish to give memory up; refuses the rest.
    RecEnter grant(PhysicalAddress rec, RipasChange change) {
        if (change.ripas() == Ripas.RAM && !(ram.contains(change.base()) && change.top() <= ram.top())) {
            return RecEnter.of(RecEnter.REJECT_RIPAS_CHANGE);
        }
        realm.setRipas(rec, change);
        return RecEnter.of(0);
    }
}
