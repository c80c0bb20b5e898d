// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.PsciStatus;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.Rec;

/// RMI_PSCI_COMPLETE(calling, target, status): the host shows which REC a pending PSCI call of another names, and may
/// deny it to turn that on.
final class PsciComplete implements RmiHandler {
    private static final long AFFINITY_ON = 0;
    private static final long AFFINITY_OFF = 1;

    private final World world;

    PsciComplete(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim callingGranule = world.claim(x.pa(1), GranuleState.REC);
        Claim targetGranule = world.claim(x.pa(2), GranuleState.REC);
        try (Hold hold = world.hold(callingGranule, targetGranule)) {
            Rec calling = world.rec(hold, callingGranule);
            Rec target = world.rec(hold, targetGranule);
            requireInput(!calling.isRunning());
            if (!(calling.pending() instanceof PendingOperation.Psci call)) {
                throw Refusal.input();
            }
            requireInput(calling.realm() == target.realm() && call.mpidr() == target.mpidr());
            long answer = switch (call) {
                case PendingOperation.CpuOn on -> turnOn(on, target, x.x(3));
                case PendingOperation.AffinityInfo info -> {
                    requireInput(x.x(3) == PsciStatus.SUCCESS.code());
                    yield isOn(target) ? AFFINITY_ON : AFFINITY_OFF;
                }
            };
            calling.setPending(new PendingOperation.None());
            calling.setRegisters(calling.registers().withFirst(answer, 0, 0, 0));
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }

    private static long turnOn(PendingOperation.CpuOn call, Rec target, long status) {
        if (status == PsciStatus.DENIED.code()) {
            requireInput(!isOn(target));
            return PsciStatus.DENIED.code();
        }
        requireInput(status == PsciStatus.SUCCESS.code());
        if (isOn(target)) {
            return PsciStatus.ALREADY_ON.code();
        }
        target.setRegisters(Registers.startingWith(call.registers(), call.entryPoint()));
        target.setRunnable(true);
        return PsciStatus.SUCCESS.code();
    }

    /// A processor that turned itself off is on until it left.
    private static boolean isOn(Rec rec) {
        return rec.isRunnable() || rec.isRunning();
    }
}
