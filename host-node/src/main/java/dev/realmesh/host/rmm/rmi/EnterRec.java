// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.machine.MachineFault;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.RealmState;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.Rec;

/// RMI_REC_ENTER(rec, run): runs a virtual processor on the calling thread until something is for the host.
final class EnterRec implements RmiHandler {
    private static final int REALM_IS_NEW = 0;
    private static final int REALM_IS_OFF = 1;
    /// Bits of ICH_HCR_EL2 that a host may set: UIE, LRENPIE, NPIE, VGrp0EIE, VGrp0DIE, VGrp1EIE, VGrp1DIE, TDIR.
    private static final long GIC_CONTROL = 0x40FE;
    /// Bit of a list register that ties a virtual interrupt to a physical one.
    private static final long GIC_HARDWARE = 1L << 61;

    private final World world;
    private final RecRun recRun;

    EnterRec(World world, RecRun recRun) {
        this.world = world;
        this.recRun = recRun;
    }

    @Override
    public RmiResult handle(Arguments x) {
        PhysicalAddress run = x.pa(2);
        RecEnter enter = RecEnter.decode(world.readPage(run));
        Claim granule = world.claim(x.pa(1), GranuleState.REC);
        Rec rec;
        try (Hold hold = world.hold(granule)) {
            rec = world.rec(hold, granule);
            requireEnterable(rec);
            requireValid(enter, rec.pending());
            rec.enter();
        }
        try {
            RecExit exit = recRun.run(rec, enter);
            byte[] encoded = exit.encode();
            world.memory().writeNonSecure(run.plus(RecExit.OFFSET), encoded, 0, encoded.length);
            return RmiResult.of(RmiStatus.SUCCESS);
        } catch (MachineFault fault) {
            throw Refusal.input();
        } finally {
            rec.leave();
        }
    }

    private static void requireEnterable(Rec rec) {
        require(!rec.isRunning(), RmiStatus.ERROR_REC);
        RealmState state = rec.realm().state();
        int index = state == RealmState.NEW ? REALM_IS_NEW : REALM_IS_OFF;
        require(state == RealmState.ACTIVE, new RmiStatus(RmiStatus.Code.ERROR_REALM, index));
        require(rec.isRunnable(), RmiStatus.ERROR_REC);
        require(!(rec.pending() instanceof PendingOperation.Psci), RmiStatus.ERROR_REC);
    }

    private static void requireValid(RecEnter enter, PendingOperation pending) {
        require((enter.gicHcr() & ~GIC_CONTROL) == 0, RmiStatus.ERROR_REC);
        for (int i = 0; i < enter.gicLrs().count(); i++) {
            require((enter.gicLrs().get(i) & GIC_HARDWARE) == 0, RmiStatus.ERROR_REC);
        }
        boolean shared = pending instanceof PendingOperation.SharedAccess;
        require(shared || !enter.has(RecEnter.INJECT_ABORT), RmiStatus.ERROR_REC);
        boolean emulatable = pending instanceof PendingOperation.SharedAccess access && access.isEmulatable();
        require(emulatable || !enter.has(RecEnter.EMULATED_MMIO), RmiStatus.ERROR_REC);
    }
}
