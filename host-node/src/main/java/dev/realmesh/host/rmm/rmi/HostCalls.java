// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiFeatures;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.abi.SmcFunction;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.rmm.monitor.MemoryServices;
import dev.realmesh.host.rmm.rsi.RealmCalls;
import java.util.EnumMap;
import java.util.Map;

/// Every SMC of the host arrives here and is handed to the class of its command.
public final class HostCalls {
    private static final RmiResult UNKNOWN_FUNCTION = RmiResult.of(RmiStatus.of(SmcFunction.UNKNOWN));

    private final Map<RmiCommand, RmiHandler> commands = new EnumMap<>(RmiCommand.class);

    /// Commands over `world`.
    public HostCalls(
            World world, Machine machine, MemoryServices monitor, RmiFeatures features, RealmCalls realmCalls) {
        commands.put(RmiCommand.VERSION, new Version());
        commands.put(RmiCommand.FEATURES, new Features(features));
        commands.put(RmiCommand.GRANULE_DELEGATE, new GranuleDelegate(world, monitor));
        commands.put(RmiCommand.GRANULE_UNDELEGATE, new GranuleUndelegate(world, monitor));
        commands.put(RmiCommand.DATA_CREATE, new DataCreate(world));
        commands.put(RmiCommand.DATA_CREATE_UNKNOWN, new DataCreateUnknown(world));
        commands.put(RmiCommand.DATA_DESTROY, new DataDestroy(world));
        commands.put(RmiCommand.REALM_ACTIVATE, new RealmActivate(world));
        commands.put(RmiCommand.REALM_CREATE, new RealmCreate(world, features));
        commands.put(RmiCommand.REALM_DESTROY, new RealmDestroy(world));
        commands.put(RmiCommand.REC_AUX_COUNT, new RecAuxCount(world));
        commands.put(RmiCommand.REC_CREATE, new RecCreate(world, features));
        commands.put(RmiCommand.REC_DESTROY, new RecDestroy(world, machine));
        commands.put(RmiCommand.REC_ENTER, new EnterRec(world, new RecRun(machine, realmCalls)));
        commands.put(RmiCommand.PSCI_COMPLETE, new PsciComplete(world));
        commands.put(RmiCommand.RTT_CREATE, new RttCreate(world));
        commands.put(RmiCommand.RTT_DESTROY, new RttDestroy(world));
        commands.put(RmiCommand.RTT_FOLD, new RttFold(world));
        commands.put(RmiCommand.RTT_INIT_RIPAS, new RttInitRipas(world));
        commands.put(RmiCommand.RTT_MAP_UNPROTECTED, new RttMapUnprotected(world));
        commands.put(RmiCommand.RTT_READ_ENTRY, new RttReadEntry(world));
        commands.put(RmiCommand.RTT_SET_RIPAS, new RttSetRipas(world));
        commands.put(RmiCommand.RTT_UNMAP_UNPROTECTED, new RttUnmapUnprotected(world));
    }

    /// Does the call of function `fid`.
    public RmiResult call(long fid, long... arguments) {
        return RmiCommand.of(SmcFunction.of(fid))
                .map(command -> call(command, arguments))
                .orElse(UNKNOWN_FUNCTION);
    }

    private RmiResult call(RmiCommand command, long[] arguments) {
        RmiHandler handler = commands.get(command);
        if (handler == null) {
            return UNKNOWN_FUNCTION;
        }
        try {
            return handler.handle(new Arguments(arguments));
        } catch (Refusal refusal) {
            return refusal.result();
        }
    }
}
