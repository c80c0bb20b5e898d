// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RealmTranslation;

/// Aborts of a Realm's accesses: which of them the host hears of, and how much (DEN0137 A4.3.4).
final class RealmAborts {
    /// What the host sees of an abort that it cannot emulate: class, SET, FnV, EA and the fault status.
    private static final long NOT_EMULATABLE = 0xFC00_1E3FL;
    /// What it sees in addition of one that it can: ISV, SAS, SF and WnR, but not the register.
    private static final long EMULATABLE = NOT_EMULATABLE | 0x01C0_8040L;

    /// What it sees of a trapped WFI or WFE: class and which of them.
    private static final long WAIT = 0xFC00_0001L;

    private static final long IN_PAGE = IntermediatePhysicalAddress.PAGE_SIZE - 1;
    private static final int ZERO_REGISTER = 31;
    private static final long SIGN_EXTENDED = 1 << 21;
    private static final long SIXTY_FOUR_BIT = 1 << 15;

    /// Data abort from the same exception level, 32-bit instruction, synchronous external abort.
    private static final long EXTERNAL_ABORT = 0x25L << 26 | 1L << 25 | 0x10;
    /// Unknown reason, 32-bit instruction: there is no such instruction for a Realm.
    private static final long UNDEFINED = 1L << 25;

    private RealmAborts() {}

    /// What follows a synchronous exception that is no SMC.
    static RecRun.Next handle(Rec rec, Trap.Synchronous exception) {
        return switch (exception.syndrome().exceptionClass()) {
            case Syndrome.CLASS_DATA_ABORT -> dataAbort(rec, exception);
            case Syndrome.CLASS_INSTRUCTION_ABORT -> instructionAbort(rec, exception);
            case Syndrome.CLASS_WFX ->
                new RecRun.Exit(
                        sync(exception.syndrome().esr() & WAIT, 0, 0, 0),
                        exception.registers().advanced());
            case Syndrome.CLASS_HVC -> new RecRun.Enter(new Resumption.Abort(exception.registers(), UNDEFINED, 0));
            default -> new RecRun.Exit(sync(0, 0, 0, 0), exception.registers());
        };
    }

    /// The exit by which the host learns that a buffer at `ipa` is not mapped.
    static RecExit unmapped(IntermediatePhysicalAddress ipa, int level) {
        long esr = (long) Syndrome.CLASS_DATA_ABORT << 26 | 0x04 + level;
        return sync(esr, 0, (ipa.value() >>> 12) << 4, 0);
    }

    /// Registers after the host emulated the access; `value` is what a load read.
    static Registers emulated(Registers registers, Syndrome access, long value) {
        Registers after = registers.advanced();
        if (access.isWrite() || access.register() == ZERO_REGISTER) {
            return after;
        }
        return after.withX(access.register(), loaded(access, value));
    }

    /// The Realm takes an external abort for the access.
    static Resumption inject(Registers registers, Syndrome access) {
        return new Resumption.Abort(registers, EXTERNAL_ABORT, access.far());
    }

    private static RecRun.Next dataAbort(Rec rec, Trap.Synchronous exception) {
        Realm realm = rec.realm();
        Syndrome access = exception.syndrome();
        if (!realm.translation().space().contains(access.page())) {
            return new RecRun.Enter(inject(exception.registers(), access));
        }
        if (realm.translation().space().isProtected(access.page())) {
            return isEmpty(realm, access.page())
                    ? new RecRun.Enter(inject(exception.registers(), access))
                    : new RecRun.Exit(sync(access.esr() & NOT_EMULATABLE, 0, access.hpfar(), 0), exception.registers());
        }
        rec.setPending(new PendingOperation.SharedAccess(access));
        if (!access.isTransferValid()) {
            return new RecRun.Exit(sync(access.esr() & NOT_EMULATABLE, 0, access.hpfar(), 0), exception.registers());
        }
        long written = access.isWrite() ? stored(access, exception.registers()) : 0;
        return new RecRun.Exit(
                sync(access.esr() & EMULATABLE, access.far() & IN_PAGE, access.hpfar(), written),
                exception.registers());
    }

    private static RecRun.Next instructionAbort(Rec rec, Trap.Synchronous exception) {
        Realm realm = rec.realm();
        IntermediatePhysicalAddress page = exception.syndrome().page();
        if (!realm.translation().space().isProtected(page) || isEmpty(realm, page)) {
            return new RecRun.Enter(inject(exception.registers(), exception.syndrome()));
        }
        Syndrome fetch = exception.syndrome();
        return new RecRun.Exit(sync(fetch.esr() & NOT_EMULATABLE, 0, fetch.hpfar(), 0), exception.registers());
    }

    private static boolean isEmpty(Realm realm, IntermediatePhysicalAddress page) {
        RealmTranslation translation = realm.translation();
        translation.lock().lock();
        try {
            return translation.walk(page, IpaSpace.LAST_LEVEL).entry().ripas() == Ripas.EMPTY;
        } finally {
            translation.lock().unlock();
        }
    }

    private static long stored(Syndrome access, Registers registers) {
        long value = access.register() == ZERO_REGISTER ? 0 : registers.x(access.register());
        return value & mask(access);
    }

    private static long loaded(Syndrome access, long value) {
        int unused = Long.SIZE - Byte.SIZE * access.transferSize();
        boolean signed = (access.esr() & SIGN_EXTENDED) != 0;
        long extended = signed ? value << unused >> unused : value & mask(access);
        return (access.esr() & SIXTY_FOUR_BIT) != 0 ? extended : extended & 0xFFFF_FFFFL;
    }

    private static long mask(Syndrome access) {
        return -1L >>> (Long.SIZE - Byte.SIZE * access.transferSize());
    }

    private static RecExit sync(long esr, long far, long hpfar, long x0) {
        return new RecExit.Sync(esr, far, hpfar, GeneralRegisters.of(x0).resized(RecEnter.REGISTERS));
    }
}
