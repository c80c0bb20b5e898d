// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.PsciStatus;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.SmcFunction;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rec.RecTable;
import java.util.Optional;

/// PSCI 1.1 for a Realm: how its processors are turned on and off. What the host must take part in exits; it never sees
/// entry points and context ids.
final class PsciCalls implements RealmCall {
    private static final long LOWEST_LEVEL = 0;
    private static final long AFFINITY_ON = 0;

    private final RecTable recs;

    PsciCalls(RecTable recs) {
        this.recs = recs;
    }

    @Override
    public Outcome call(Rec rec, Registers x) {
        Optional<PsciFunction> function = PsciFunction.of(SmcFunction.of(x.x(0)));
        if (function.isEmpty()) {
            return Outcome.of(PsciStatus.NOT_SUPPORTED);
        }
        return switch (function.get()) {
            case VERSION -> new Outcome.Return(Outcome.results(PsciFunction.VERSION_1_1));
            case FEATURES -> features(x.x(1));
            case CPU_SUSPEND, CPU_SUSPEND_32 -> leave(x.x(0));
            case CPU_OFF -> cpuOff(rec, x.x(0));
            case CPU_ON, CPU_ON_32 -> cpuOn(rec, x);
            case AFFINITY_INFO, AFFINITY_INFO_32 -> affinityInfo(rec, x);
            case SYSTEM_OFF, SYSTEM_RESET -> {
                rec.realm().turnOff();
                yield leave(x.x(0));
            }
        };
    }

    private static Outcome features(long x1) {
        long fid = SmcFunction.of(x1);
        boolean offered = fid == SmcFunction.VERSION || PsciFunction.of(fid).isPresent();
        return Outcome.of(offered ? PsciStatus.SUCCESS : PsciStatus.NOT_SUPPORTED);
    }

    private static Outcome cpuOff(Rec rec, long fid) {
        rec.setRunnable(false);
        return leave(fid);
    }

    private Outcome cpuOn(Rec rec, Registers x) {
        long mpidr = x.x(1);
        if (!rec.realm().translation().space().isProtected(new IntermediatePhysicalAddress(x.x(2)))) {
            return Outcome.of(PsciStatus.INVALID_ADDRESS);
        }
        if (!recs.has(rec.realm(), mpidr)) {
            return Outcome.of(PsciStatus.INVALID_PARAMETERS);
        }
        if (mpidr == rec.mpidr()) {
            return Outcome.of(PsciStatus.ALREADY_ON);
        }
        rec.setPending(new PendingOperation.CpuOn(mpidr, x.x(2), x.x(3)));
        return leave(x.x(0), mpidr);
    }

    private Outcome affinityInfo(Rec rec, Registers x) {
        long mpidr = x.x(1);
        if (x.x(2) != LOWEST_LEVEL || !recs.has(rec.realm(), mpidr)) {
            return Outcome.of(PsciStatus.INVALID_PARAMETERS);
        }
        if (mpidr == rec.mpidr()) {
            return new Outcome.Return(Outcome.results(AFFINITY_ON));
        }
        rec.setPending(new PendingOperation.AffinityInfo(mpidr));
        return leave(x.x(0), mpidr);
    }

    private static Outcome leave(long... shown) {
        RecExit exit = new RecExit.Psci(GeneralRegisters.of(shown).resized(RecEnter.REGISTERS));
        return new Outcome.Leave(exit, Outcome.results(PsciStatus.SUCCESS.code()));
    }
}
