// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RMI_REC_CREATE, RMI_REC_DESTROY and RMI_REC_ENTER: what they refuse, in their order, and that nothing changes.
class RecRefusalsTest {
    private static final long EMULATABLE_LOAD = 0x93C7_8006L;
    private static final long OTHER_LOAD = 0x9200_0006L;

    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    unaligned parameters        | rd free source+8  | 1 | roots            | 16 | ERROR_INPUT
                    parameters outside          | rd free outside   | 1 | roots            | 16 | ERROR_INPUT
                    delegated parameters        | rd free free2     | 1 | roots            | 16 | ERROR_INPUT
                    too many aux                | rd free source    | 1 | roots            | 17 | ERROR_INPUT
                    too many before state       | active free source | 3 | roots           | 17 | ERROR_INPUT
                    aux of the host             | rd free source    | 1 | host             | 16 | ERROR_INPUT
                    aux in use                  | rd free source    | 1 | aux              | 16 | ERROR_INPUT
                    unaligned aux               | rd free source    | 1 | roots+8          | 16 | ERROR_INPUT
                    aux outside                 | rd free source    | 1 | outside          | 16 | ERROR_INPUT
                    one aux twice               | rd free source    | 1 | free2            | 16 | ERROR_INPUT
                    aux before state            | active free source | 3 | free2           | 16 | ERROR_INPUT
                    REC of the host             | rd host source    | 1 | roots            | 16 | ERROR_INPUT
                    REC in use                  | rd rec source     | 1 | roots            | 16 | ERROR_INPUT
                    unaligned REC               | rd free+8 source  | 1 | roots            | 16 | ERROR_INPUT
                    REC among its aux           | rd roots source   | 1 | roots            | 16 | ERROR_INPUT
                    no descriptor               | free2 free source | 1 | roots            | 16 | ERROR_INPUT
                    unaligned descriptor        | rd+8 free source  | 1 | roots            | 16 | ERROR_INPUT
                    one granule for both        | rd rd source      | 1 | roots            | 16 | ERROR_INPUT
                    active Realm                | active free source | 3 | roots           | 16 | ERROR_REALM
                    Realm that is off           | off free source   | 1 | roots            | 16 | ERROR_REALM
                    state before MPIDR          | active free source | 7 | roots           | 16 | ERROR_REALM
                    MPIDR that is there         | rd free source    | 0 | roots            | 16 | ERROR_INPUT
                    MPIDR after the next        | rd free source    | 2 | roots            | 16 | ERROR_INPUT
                    MPIDR with other bits       | rd free source    | 0x80000001 | roots   | 16 | ERROR_INPUT
                    too few aux                 | rd free source    | 1 | roots            | 15 | ERROR_INPUT
                    """)
    void createsNoRec(String why, String arguments, String mpidr, String aux, int count, String status) {
        // The first eight auxiliary granules are those from `aux` on, the others are delegated for it.
        boolean same = aux.equals("free2");
        List<Long> granules = new ArrayList<>();
        for (int number = 0; number < 16; number++) {
            long own = TestPlatform.granule(60 + number).value();
            realms.platform.succeed(RmiCommand.GRANULE_DELEGATE, own);
            granules.add(number < 8 ? realms.value(aux) + (same ? 0 : 4096L * number) : own);
        }
        RecParams params = new RecParams(
                1, Long.decode(mpidr), 0, GeneralRegisters.zero(8), count, granules.subList(0, Math.min(count, 16)));
        realms.write("source", params.encode());
        realms.refuse(RmiCommand.REC_CREATE, arguments, status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"free", "host", "rd", "aux", "data", "rec+8", "outside"})
    void destroysOnlyRecs(String granule) {
        realms.refuse(RmiCommand.REC_DESTROY, granule, "ERROR_INPUT");
    }

    @Test
    void touchesNoRecThatRuns() {
        realms.whileRunning("rec", () -> {
            realms.refuse(RmiCommand.REC_DESTROY, "rec", "ERROR_REC");
            realms.refuse(RmiCommand.REC_ENTER, "rec run", "ERROR_REC");
            realms.refuse(RmiCommand.REC_ENTER, "rec free", "ERROR_INPUT");
            realms.refuse(RmiCommand.RTT_SET_RIPAS, "active rec ram page1", "ERROR_REC");
            realms.refuse(RmiCommand.RTT_SET_RIPAS, "rd rec ram page1", "ERROR_REC");
            realms.refuse(RmiCommand.PSCI_COMPLETE, "rec second 0", "ERROR_INPUT");
        });
        realms.succeed(RmiCommand.REC_DESTROY, "rec");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    unaligned run page          | rec run+8         | ERROR_INPUT
                    run page outside            | rec outside       | ERROR_INPUT
                    delegated run page          | rec free          | ERROR_INPUT
                    run page of a Realm         | rec data          | ERROR_INPUT
                    run page before REC         | newrec free       | ERROR_INPUT
                    no REC                      | free run          | ERROR_INPUT
                    a descriptor                | rd run            | ERROR_INPUT
                    an auxiliary granule        | aux run           | ERROR_INPUT
                    unaligned REC               | rec+8 run         | ERROR_INPUT
                    REC outside                 | outside run       | ERROR_INPUT
                    Realm that is new           | newrec run        | ERROR_REALM
                    Realm that is off           | offrec run        | ERROR_REALM:1
                    REC that is off             | idle run          | ERROR_REC
                    """)
    void entersNothing(String why, String arguments, String status) {
        realms.refuse(RmiCommand.REC_ENTER, arguments, status);
    }

    @Test
    void entersNoRecThatWaitsForPsci() {
        realms.enterCalling("rec", PsciFunction.CPU_ON.fid(), "1 ram 0");
        realms.refuse(RmiCommand.REC_ENTER, "rec run", "ERROR_REC");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    control bit of the RMM      | 0x1   | 0                  | 0
                    trap of all accesses        | 0x400 | 0                  | 0
                    physical interrupt          | 0     | 0x6000000000000020 | 0
                    physical id                 | 0     | 0x4000010000000020 | 0
                    id that is none             | 0     | 0x40000000000003FC | 0
                    id that is too large        | 0     | 0x4000000000010000 | 0
                    one id twice                | 0     | 0x4000000000000020 | 0x8000000000000020
                    """)
    void entersNoRecWithABadInterruptState(String why, String control, String first, String second) {
        realms.write("run", enter(0, Long.decode(control), hex(first), hex(second)));
        realms.refuse(RmiCommand.REC_ENTER, "rec run", "ERROR_REC");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    all control bits of hosts   | 0x40FE | 0                  | 0
                    pending and active          | 0      | 0x5020000000000020 | 0x900000000000001B
                    an LPI, EOI asked for       | 0      | 0x5000020000002000 | 0
                    physical, but not valid     | 0      | 0x2000000000000020 | 0x2000000000000020
                    """)
    void givesTheInterruptStateBack(String why, String control, String first, String second) {
        realms.write("run", enter(0, Long.decode(control), hex(first), hex(second)));
        realms.succeed(RmiCommand.REC_ENTER, "rec run");
        assertThat(realms.word("run", 0xB00)).isEqualTo(Long.decode(control));
        assertThat(realms.word("run", 0xB08)).isEqualTo(hex(first));
        assertThat(realms.word("run", 0xB10)).isEqualTo(hex(second));
    }

    @ParameterizedTest
    @ValueSource(longs = {RecEnter.EMULATED_MMIO, RecEnter.INJECT_ABORT})
    void entersNoRecWithAnAnswerThatNobodyWaitsFor(long flag) {
        realms.write("run", RecEnter.of(flag).encode());
        realms.refuse(RmiCommand.REC_ENTER, "rec run", "ERROR_REC");
        abort("rec", EMULATABLE_LOAD, "ram");
        realms.write("run", RecEnter.of(flag).encode());
        realms.refuse(RmiCommand.REC_ENTER, "rec run", "ERROR_REC");
    }

    @Test
    void entersNoRecWithEmulationOfWhatCannotBeEmulated() {
        abort("rec", OTHER_LOAD, "shared1");
        realms.write("run", RecEnter.of(RecEnter.EMULATED_MMIO).encode());
        realms.refuse(RmiCommand.REC_ENTER, "rec run", "ERROR_REC");
        realms.write("run", RecEnter.of(RecEnter.INJECT_ABORT).encode());
        realms.succeed(RmiCommand.REC_ENTER, "rec run");
    }

    /// A data abort of `rec` at an IPA, which the host hears of.
    private void abort(String rec, long esr, String ipa) {
        long hpfar = (realms.value(ipa) >>> 12) << 4;
        realms.write("run", RecEnter.of(0).encode());
        RecExit exit = realms.enter(rec, registers -> new Trap.Synchronous(registers, new Syndrome(esr, 0, hpfar)));
        assertThat(exit).isInstanceOf(RecExit.Sync.class);
    }

    private static byte[] enter(long flags, long control, long... lists) {
        long[] all = LongStream.concat(LongStream.of(lists), LongStream.generate(() -> 0))
                .limit(RecEnter.LIST_REGISTERS)
                .toArray();
        return new RecEnter(flags, GeneralRegisters.zero(RecEnter.REGISTERS), control, GeneralRegisters.of(all))
                .encode();
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text.replace("0x", ""), 16);
    }
}
