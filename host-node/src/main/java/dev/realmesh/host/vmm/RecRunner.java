// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.PsciStatus;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RecExit.Psci;
import dev.realmesh.cca.abi.RecExit.RipasChange;
import dev.realmesh.cca.abi.RecExit.SError;
import dev.realmesh.cca.abi.RecExit.Sync;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.vmm.plan.BootPlan;
/// Enters a Realm's first REC again and again, and does for each exit what a hypervisor does, until the Realm is off.

final class RecRunner {
    private static final int CLASS_SHIFT = 26;
    private static final int CLASS_MASK = 0x3F;
    private static final int CLASS_INSTRUCTION_ABORT = 0x20;
    private static final int CLASS_DATA_ABORT = 0x24;
    private static final long HPFAR_TO_IPA = 8;

    private final Rmi rmi;
    private final VirtualRealm realm;
    private final BootPlan.Range ram;
    private final PhysicalAddress runPage;
    private final PhysicalAddress rec;
    private volatile boolean stopping;

    /// @param ram where the Realm's memory is; the host gives it no other
    /// @param runPage a page of the host's memory for what it and the RMM tell each other
    RecRunner(Rmi rmi, VirtualRealm realm, BootPlan.Range ram, PhysicalAddress runPage) {
        this.rmi = rmi;
        this.realm = realm;
        this.ram = ram;
        this.runPage = runPage;
        this.rec = realm.rec(0);
    }

    /// Asks [#run] to come back at the next exit.
    void stop() {
        stopping = true;
    }

    /// Runs until the Realm ends or [#stop] is called.
    ///
    /// @throws VmmException.RealmFault if the Realm did what a host cannot serve
    RealmEnd run() {
        RecEnter next = RecEnter.of(0);
        while (!stopping) {
            rmi.write(runPage, next.encode());
            rmi.require(RmiCommand.REC_ENTER, rec.value(), runPage.value());
            RecExit exit = RecExit.decode(rmi.read(runPage));
            if (exit instanceof SError) {
                return RealmEnd.DIED;
            }
            if (exit instanceof Psci psci && ends(psci)) {
                return RealmEnd.SYSTEM_OFF;
            }
            next = answer(exit);
        }
        return RealmEnd.STOPPED;
    }

    private RecEnter answer(RecExit exit) {
        return switch (exit) {
            case Sync abort -> resolve(abort);
            case RipasChange change -> grant(change);
            default -> RecEnter.of(0);
        };
    }

    private RecEnter resolve(Sync abort) {
        int exceptionClass = (int) (abort.esr() >>> CLASS_SHIFT) & CLASS_MASK;
        long ipa = abort.hpfar() << HPFAR_TO_IPA;
        if (exceptionClass != CLASS_DATA_ABORT && exceptionClass != CLASS_INSTRUCTION_ABORT) {
            return RecEnter.of(0);
        }
        if (ram.contains(ipa)) {
            realm.populate(ipa);
            return RecEnter.of(0);
        }
        if (realm.isShared(ipa)) {
            return RecEnter.of(RecEnter.INJECT_ABORT);
        }
        throw new VmmException.RealmFault(
                "access to 0x%x (expected: RAM, 0x%x to 0x%x)".formatted(ipa, ram.base(), ram.top()));
    }

    /// Grants RAM where the Realm has RAM, and any wish to give memory up; refuses the rest.
    private RecEnter grant(RipasChange change) {
        if (change.ripas() == Ripas.RAM && !(ram.contains(change.base()) && change.top() <= ram.top())) {
            return RecEnter.of(RecEnter.REJECT_RIPAS_CHANGE);
        }
        realm.setRipas(rec, change.base(), change.top());
        return RecEnter.of(0);
    }

    /// Does the host's part of a PSCI call; true if the call ended the Realm. One virtual processor is run, so a wish
    /// to
    /// start another is denied.
    private boolean ends(Psci psci) {
        PsciFunction function = PsciFunction.of(psci.registers().get(0)).orElse(PsciFunction.VERSION);
        return switch (function) {
            case SYSTEM_OFF, SYSTEM_RESET, CPU_OFF -> true;
            case CPU_ON, CPU_ON_32 -> complete(psci, PsciStatus.DENIED);
            case AFFINITY_INFO, AFFINITY_INFO_32 -> complete(psci, PsciStatus.SUCCESS);
            case CPU_SUSPEND, CPU_SUSPEND_32, VERSION, FEATURES -> false;
        };
    }

    private boolean complete(Psci psci, PsciStatus status) {
        PhysicalAddress target =
                realm.rec((int) RecParams.index(psci.registers().get(1)));
        rmi.require(RmiCommand.PSCI_COMPLETE, rec.value(), target.value(), status.code());
        return false;
    }
}
