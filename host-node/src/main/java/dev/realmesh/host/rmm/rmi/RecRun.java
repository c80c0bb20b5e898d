// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.PendingOperation.RipasChange;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rsi.Outcome;
import dev.realmesh.host.rmm.rsi.RealmCalls;
import java.util.Optional;

/// A REC between entry and exit: completes what the last exit left open, then runs the processor from trap to trap.
/// What the Realm asks of the RMM alone is answered here; the host sees the rest.
final class RecRun {
    private static final long ACCEPTED = 0;
    private static final long REJECTED = 1;

    private final Machine machine;
    private final RealmCalls calls;

    RecRun(Machine machine, RealmCalls calls) {
        this.machine = machine;
        this.calls = calls;
    }

    /// Runs `rec`, which no other thread runs, until it exits.
    Left run(Rec rec, RecEnter enter) {
        PendingOperation pending = rec.pending();
        if (pending instanceof PendingOperation.HostCall call) {
            Optional<Outcome> obstacle = calls.completeHostCall(rec.realm(), call.block(), enter.registers());
            if (obstacle.isPresent() && obstacle.get() instanceof Outcome.Unmapped unmapped) {
                return new Left(RealmAborts.unmapped(unmapped.ipa(), unmapped.level()), VirtualInterrupts.NONE);
            }
        }
        rec.setPending(new PendingOperation.None());
        Next next = new Enter(resumption(rec.registers(), pending, enter));
        while (next instanceof Enter again) {
            next = handle(rec, rec.processor(machine).run(again.resumption()));
        }
        Exit exit = (Exit) next;
        rec.setRegisters(exit.registers());
        return new Left(exit.exit(), VirtualInterrupts.of(enter));
    }

    private static Resumption resumption(Registers registers, PendingOperation pending, RecEnter enter) {
        return switch (pending) {
            case PendingOperation.None none -> new Resumption.Continue(registers);
            case PendingOperation.Psci done -> new Resumption.Continue(registers);
            case PendingOperation.HostCall call ->
                new Resumption.Continue(registers.withX(0, RsiStatus.SUCCESS.code()));
            case PendingOperation.RipasChange change ->
                new Resumption.Continue(registers.withFirst(
                        RsiStatus.SUCCESS.code(), change.next().value(), response(change, enter), 0));
            case PendingOperation.SharedAccess access -> {
                if (enter.has(RecEnter.INJECT_ABORT)) {
                    yield RealmAborts.inject(registers, access.syndrome());
                }
                yield new Resumption.Continue(
                        enter.has(RecEnter.EMULATED_MMIO)
                                ? RealmAborts.emulated(
                                        registers,
                                        access.syndrome(),
                                        enter.registers().get(0))
                                : registers);
            }
        };
    }

    private static long response(RipasChange change, RecEnter enter) {
        boolean unfinished = change.ripas() == Ripas.RAM && change.next().compareTo(change.top()) < 0;
        return unfinished && enter.has(RecEnter.REJECT_RIPAS_CHANGE) ? REJECTED : ACCEPTED;
    }

    private Next handle(Rec rec, Trap trap) {
        return switch (trap) {
            case Trap.Smc smc -> handleCall(rec, smc.registers());
            case Trap.Synchronous exception -> RealmAborts.handle(rec, exception);
            case Trap.Interrupt interrupt ->
                new Exit(
                        interrupt.kind() == Trap.Interrupt.Kind.IRQ ? new RecExit.Irq() : new RecExit.Fiq(),
                        interrupt.registers());
            case Trap.Ended ended -> new Exit(new RecExit.SError(0), rec.registers());
        };
    }

    private Next handleCall(Rec rec, Registers registers) {
        return switch (calls.call(rec, registers)) {
            case Outcome.Return done ->
                new Enter(new Resumption.Continue(
                        registers.withFirst(done.results().toArray()).advanced()));
            case Outcome.Leave leave ->
                new Exit(
                        leave.exit(),
                        registers.withFirst(leave.results().toArray()).advanced());
            case Outcome.Unmapped unmapped ->
                new Exit(RealmAborts.unmapped(unmapped.ipa(), unmapped.level()), registers);
        };
    }

    /// How a REC left.
    ///
    /// @param exit why
    /// @param interrupts what is left of the interrupts that the host injected
    record Left(RecExit exit, VirtualInterrupts interrupts) {}

    /// What follows a trap.
    sealed interface Next {}

    /// The processor runs again.
    record Enter(Resumption resumption) implements Next {}

    /// The REC exits; `registers` are those of the next entry.
    record Exit(RecExit exit, Registers registers) implements Next {}
}
