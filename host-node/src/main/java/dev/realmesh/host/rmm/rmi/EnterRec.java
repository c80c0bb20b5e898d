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
            RecRun.Left left = recRun.run(rec, enter);
            VirtualInterrupts interrupts = left.interrupts();
            byte[] encoded = left.exit().encode(interrupts.control(), interrupts.lists());
            world.memory().writeNonSecure(run.plus(RecExit.OFFSET), encoded, 0, encoded.length);
            rec.realm().exits().add(left.exit().reason());
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

    /// As in TF-RMM, an abort that is injected makes an emulation void, whether that was possible or not.
    private static void requireValid(RecEnter enter, PendingOperation pending) {
        require(VirtualInterrupts.of(enter).areValid(), RmiStatus.ERROR_REC);
        boolean shared = pending instanceof PendingOperation.SharedAccess;
        boolean abort = enter.has(RecEnter.INJECT_ABORT);
        require(shared || !abort, RmiStatus.ERROR_REC);
        boolean emulatable = pending instanceof PendingOperation.SharedAccess access && access.isEmulatable();
        require(emulatable || abort || !enter.has(RecEnter.EMULATED_MMIO), RmiStatus.ERROR_REC);
    }
}
