// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiFeatures;
import dev.realmesh.host.machine.DeviceBoard;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.MemoryRange;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.vmm.device.DmaMemory;
import dev.realmesh.host.vmm.device.FirmwareConfigDevice;
import dev.realmesh.host.vmm.device.MmioDevice;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/// The hypervisor: it owns the machine's non-secure memory and makes Realms of it, several at once.
public final class RealmHost {
    private static final int MAX_VMID = 0xFFFF;

    private final Rmi rmi;
    private final DeviceBoard board;
    private final GranulePool pool;
    private final RmiFeatures offered;
    private final BitSet vmids = new BitSet();

    private RealmHost(Rmi rmi, DeviceBoard board, GranulePool pool, RmiFeatures offered) {
        this.rmi = rmi;
        this.board = board;
        this.pool = pool;
        this.offered = offered;
    }

    /// Takes charge of a machine that has booted.
    ///
    /// @throws VmmException.NotOffered if its RMM does not speak RMI 1.0
    public static RealmHost start(RmiEntry entry, HostMemory memory, DeviceBoard board) {
        Rmi rmi = new Rmi(entry, memory);
        if (!rmi.call(RmiCommand.VERSION, RmiCommand.VERSION_1_0).status().isSuccess()) {
            throw new VmmException.NotOffered("does not speak RMI 1.0");
        }
        RmiFeatures offered =
                new RmiFeatures(rmi.require(RmiCommand.FEATURES, 0).x1());
        MemoryRange dram = memory.dram();
        return new RealmHost(rmi, board, new GranulePool(dram.base(), dram.size()), offered);
    }

    /// Builds and activates a Realm with these devices, and with what its firmware asks its monitor for.
    ///
    /// @throws VmmException if the RMM does not offer what the plan asks for, or memory runs out; nothing is left then
    public RealmMachine build(
            PlannedRealm planned, RealmPersonalizationValue personalizationValue, RealmDevices devices) {
        return build(
                planned.plan(),
                personalizationValue,
                devices,
                memory -> planned.firmwareConfig().stream()
                        .<MmioDevice>map(config -> new FirmwareConfigDevice(config, memory))
                        .toList());
    }

    /// Likewise, without anything for firmware.
    ///
    /// @throws VmmException as above
    public RealmMachine build(BootPlan plan, RealmPersonalizationValue personalizationValue, RealmDevices devices) {
        return build(plan, personalizationValue, devices, memory -> List.of());
    }

    /// @param registers makes the devices whose registers the Realm reaches
    RealmMachine build(
            BootPlan plan,
            RealmPersonalizationValue personalizationValue,
            RealmDevices devices,
            Function<DmaMemory, List<MmioDevice>> registers) {
        requireOffered(plan.features());
        int vmid = takeVmid();
        RealmGranules granules = new RealmGranules(rmi, pool);
        try {
            VirtualRealm realm = VirtualRealm.create(rmi, granules, plan, personalizationValue, vmid);
            try {
                plan.operations().forEach(realm::carryOut);
                realm.activate();
                board.attach(realm.descriptor(), devices);
                PhysicalAddress descriptor = realm.descriptor();
                SharedMemory shared = new SharedMemory(rmi, granules, realm, plan);
                MemoryExits memory = new MemoryExits(realm, plan, shared, registers.apply(shared));
                VirtualCpus cpus =
                        new VirtualCpus(rmi, realm, memory, granules::takeShared, () -> board.interrupt(descriptor));
                return new RealmMachine(cpus, descriptor, () -> release(realm, granules, vmid));
            } catch (RuntimeException e) {
                realm.destroy();
                throw e;
            }
        } catch (RuntimeException e) {
            granules.releaseAll();
            giveVmid(vmid);
            throw e;
        }
    }

    private void release(VirtualRealm realm, RealmGranules granules, int vmid) {
        board.detach(realm.descriptor());
        realm.destroy();
        granules.releaseAll();
        giveVmid(vmid);
    }

    /// Granules of the machine that no Realm uses.
    public int freeGranules() {
        return pool.free();
    }

    private void requireOffered(RealmFeatures asked) {
        require("IPA bits", asked.s2sz(), offered.s2sz());
        require("breakpoints", asked.numBps() + 1, offered.numBps() + 1);
        require("watchpoints", asked.numWps() + 1, offered.numWps() + 1);
        require("SVE", asked.has(RealmFeatures.FLAG_SVE) ? 1 : 0, offered.sve() ? 1 : 0);
        require("SVE vector units", asked.sveVl(), offered.sveVl());
        require("PMU", asked.has(RealmFeatures.FLAG_PMU) ? 1 : 0, offered.pmu() ? 1 : 0);
        require("PMU counters", asked.pmuNumCtrs(), offered.pmuNumCtrs());
        if (HashAlgorithm.of(asked.hashAlgo()).filter(offered::offers).isEmpty()) {
            throw new VmmException.NotOffered("hash algorithm " + asked.hashAlgo() + " (expected: one that it offers)");
        }
    }

    private static void require(String what, int asked, int offered) {
        if (asked > offered) {
            throw new VmmException.NotOffered("%s: %d (expected: at most %d)".formatted(what, asked, offered));
        }
    }

    private synchronized int takeVmid() {
        int vmid = vmids.nextClearBit(1);
        if (vmid > MAX_VMID) {
            throw new VmmException.NotOffered("no VMID left of " + MAX_VMID);
        }
        vmids.set(vmid);
        return vmid;
    }

    private synchronized void giveVmid(int vmid) {
        vmids.clear(vmid);
    }
}
