// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RecExit.Psci;
import dev.realmesh.cca.abi.RecExit.RipasChange;
import dev.realmesh.cca.abi.RecExit.SError;
import dev.realmesh.cca.abi.RecExit.Sync;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Enters one REC again and again, and does for each exit what a hypervisor does, until the processor is off.
final class RecRunner {
    private final Rmi rmi;
    private final PhysicalAddress rec;
    private final PhysicalAddress runPage;
    private final PsciHost psci;
    private final MemoryExits memory;

    /// @param rec the REC
    /// @param runPage a page of the host's memory for what it and the RMM tell each other of this REC
    RecRunner(Rmi rmi, PhysicalAddress rec, PhysicalAddress runPage, PsciHost psci, MemoryExits memory) {
        this.rmi = rmi;
        this.rec = rec;
        this.runPage = runPage;
        this.psci = psci;
        this.memory = memory;
    }

    /// How a processor came to stand still.
    enum Halt {
        /// It is off, and another processor may turn it on.
        CPU_OFF,
        /// It turned the Realm off, or found it off.
        SYSTEM_OFF,
        /// It cannot go on.
        DIED,
        /// The host wished so.
        STOPPED
    }

    /// Runs until the processor stands still.
    ///
    /// @param stopping whether to come back at the next exit
    /// @throws VmmException.RealmFault if the Realm did what a host cannot serve
    Halt run(BooleanSupplier stopping) {
        RecEnter next = RecEnter.of(0);
        while (!stopping.getAsBoolean()) {
            rmi.write(runPage, next.encode());
            RmiResult entered = rmi.call(RmiCommand.REC_ENTER, rec.value(), runPage.value());
            if (!entered.status().isSuccess()) {
                return notEntered(entered.status());
            }
            RecExit exit = RecExit.decode(rmi.read(runPage));
            if (exit instanceof SError) {
                return Halt.DIED;
            }
            if (exit instanceof Psci call) {
                Optional<Halt> halt = psci.serve(rec, call.registers());
                if (halt.isPresent()) {
                    return halt.get();
                }
            }
            next = answer(exit);
        }
        return Halt.STOPPED;
    }

    /// Another processor may have turned the Realm off meanwhile, and one that is off cannot be entered.
    private static Halt notEntered(RmiStatus status) {
        return switch (status.code()) {
            case ERROR_REALM -> Halt.SYSTEM_OFF;
            case ERROR_REC -> Halt.CPU_OFF;
            default -> throw new VmmException.Refused(RmiCommand.REC_ENTER, status);
        };
    }

    private RecEnter answer(RecExit exit) {
        return switch (exit) {
            case Sync abort -> memory.resolve(abort);
            case RipasChange change -> memory.grant(rec, change);
            default -> RecEnter.of(0);
        };
    }
}
