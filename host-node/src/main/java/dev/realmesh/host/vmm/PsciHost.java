// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.PsciStatus;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import java.util.Optional;
import java.util.function.IntConsumer;

/// The host's part of the PSCI calls that a Realm makes: the RMM decides, the host schedules.
final class PsciHost {
    private final Rmi rmi;
    private final VirtualRealm realm;
    private final IntConsumer turnOn;

    /// @param turnOn lets the processor of this index run
    PsciHost(Rmi rmi, VirtualRealm realm, IntConsumer turnOn) {
        this.rmi = rmi;
        this.realm = realm;
        this.turnOn = turnOn;
    }

    /// Serves the call that `caller` exited with.
    ///
    /// @param registers x0, the function, and x1, the processor that it names, which exists
    /// @return how the caller stands still after it; empty if it goes on
    Optional<RecRunner.Halt> serve(PhysicalAddress caller, GeneralRegisters registers) {
        PsciFunction function = PsciFunction.of(registers.get(0)).orElse(PsciFunction.VERSION);
        return switch (function) {
            case SYSTEM_OFF, SYSTEM_RESET -> Optional.of(RecRunner.Halt.SYSTEM_OFF);
            case CPU_OFF -> Optional.of(RecRunner.Halt.CPU_OFF);
            case CPU_ON, CPU_ON_32 -> {
                int target = complete(caller, registers.get(1));
                turnOn.accept(target);
                yield Optional.empty();
            }
            case AFFINITY_INFO, AFFINITY_INFO_32 -> {
                complete(caller, registers.get(1));
                yield Optional.empty();
            }
            case CPU_SUSPEND, CPU_SUSPEND_32, VERSION, FEATURES -> Optional.empty();
        };
    }

    private int complete(PhysicalAddress caller, long mpidr) {
        int target = (int) RecParams.index(mpidr);
        rmi.require(RmiCommand.PSCI_COMPLETE, caller.value(), realm.rec(target).value(), PsciStatus.SUCCESS.code());
        return target;
    }
}
