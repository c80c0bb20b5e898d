// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.cca.abi.SmcFunction;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.GranuleTable;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rec.RecTable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Every SMC of a Realm arrives here and is handed to the class of its command.
public final class RealmCalls {
    private final GranuleTable granules;
    private final RealmCall psci;
    private final Map<RsiCommand, RealmCall> commands = new EnumMap<>(RsiCommand.class);

    /// Commands over `granules` and `recs`, with tokens by `attestation`.
    public RealmCalls(GranuleTable granules, RecTable recs, RealmAttestation attestation) {
        this.granules = granules;
        this.psci = new PsciCalls(recs);
        commands.put(RsiCommand.VERSION, new Version());
        commands.put(RsiCommand.FEATURES, (rec, registers) -> Outcome.of(RsiStatus.SUCCESS));
        commands.put(RsiCommand.MEASUREMENT_READ, new MeasurementRead());
        commands.put(RsiCommand.MEASUREMENT_EXTEND, new MeasurementExtend());
        commands.put(RsiCommand.ATTEST_TOKEN_INIT, new AttestationTokenInit(attestation));
        commands.put(RsiCommand.ATTEST_TOKEN_CONTINUE, new AttestationTokenContinue());
        commands.put(RsiCommand.REALM_CONFIG, new RealmConfigRead());
        commands.put(RsiCommand.IPA_STATE_SET, new IpaStateSet());
        commands.put(RsiCommand.IPA_STATE_GET, new IpaStateGet());
        commands.put(RsiCommand.HOST_CALL, new HostCall());
    }

    /// Does the call that `registers` make.
    public Outcome call(Rec rec, Registers registers) {
        RealmCall command = command(SmcFunction.of(registers.x(0)));
        return locked(rec.realm(), () -> command.call(rec, registers));
    }

    /// Completes RSI_HOST_CALL with the host's answer; empty if that is done.
    public Optional<Outcome> completeHostCall(Realm realm, IntermediatePhysicalAddress block, GeneralRegisters answer) {
        return locked(realm, () -> HostCall.complete(realm, block, answer));
    }

    private RealmCall command(long fid) {
        if (PsciFunction.owns(fid)) {
            return psci;
        }
        if (fid == SmcFunction.VERSION) {
            return (rec, registers) -> new Outcome.Return(Outcome.results(SmcFunction.VERSION_1_2));
        }
        return RsiCommand.of(fid)
                .map(commands::get)
                .orElse((rec, registers) -> new Outcome.Return(Outcome.results(SmcFunction.UNKNOWN)));
    }

    private <T> T locked(Realm realm, Supplier<T> action) {
        Hold hold = granules.lock(new Claim(realm.descriptor(), GranuleState.RD))
                .orElseThrow(() -> new IllegalStateException("realm: gone (expected: it outlives its RECs)"));
        try {
            return action.get();
        } finally {
            hold.close();
        }
    }
}
