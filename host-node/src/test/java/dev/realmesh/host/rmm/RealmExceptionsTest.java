// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Synchronous exceptions of a Realm (DEN0137 A4.3): what the host hears of them, and what the Realm takes itself.
class RealmExceptionsTest {
    private static final long EXTERNAL_ABORT = 0x25L << 26 | 1L << 25 | 0x10;
    private static final long LOAD_X7 = 0x93C7_8006L;

    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    load beyond all IPAs        | 0x93C78006 | beyond
                    fetch beyond all IPAs       | 0x82000006 | beyond
                    fetch of shared memory      | 0x82000006 | shared1
                    fetch of EMPTY              | 0x82000007 | page2
                    load of EMPTY               | 0x93C78007 | page2
                    """)
    void givesTheRealmAnAbort(String why, String esr, String ipa) {
        RecExit exit = realms.enter("rec", exception(esr, ipa), RealmFixture::interrupted);
        assertThat(exit).isInstanceOf(RecExit.Irq.class);
        assertThat(realms.lastResumption())
                .isInstanceOfSatisfying(
                        Resumption.Abort.class, abort -> assertThat(abort.esr()).isEqualTo(EXTERNAL_ABORT));
    }

    @Test
    void takesAnHvcForUndefined() {
        assertThat(realms.enter("rec", exception("0x5A000000", "0"), RealmFixture::interrupted))
                .isInstanceOf(RecExit.Irq.class);
        assertThat(realms.lastResumption()).isInstanceOfSatisfying(Resumption.Abort.class, abort -> {
            assertThat(abort.esr()).isEqualTo(1 << 25);
            assertThat(abort.registers().pc()).isEqualTo(realms.value("ram"));
        });
    }

    @ParameterizedTest
    @CsvSource({"0x07E00001, 0x04000001", "0x07E00000, 0x04000000"})
    void tellsOfAWaitNothingButItsKind(String esr, String shown) {
        assertThat(realms.enter("rec", exception(esr, "ram")))
                .isEqualTo(new RecExit.Sync(Long.decode(shown), 0, 0, zero()));
        realms.enter("rec", registers -> {
            assertThat(registers.pc()).isEqualTo(realms.value("ram") + 4);
            return RealmFixture.interrupted(registers);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x1FE00000", "0x62000000", "0xF2000000"})
    void tellsNothingOfOtherExceptions(String esr) {
        assertThat(realms.enter("rec", exception(esr, "ram"))).isEqualTo(new RecExit.Sync(0, 0, 0, zero()));
    }

    @Test
    void prefersAnInjectedAbortToAnEmulation() {
        realms.enter("rec", exception(Long.toString(LOAD_X7), "shared1"));
        realms.write(
                "run",
                RecEnter.of(RecEnter.EMULATED_MMIO | RecEnter.INJECT_ABORT).encode());
        realms.succeed(RmiCommand.REC_ENTER, "rec run");
        assertThat(realms.lastResumption()).isInstanceOf(Resumption.Abort.class);
    }

    @Test
    void ignoresAnImpossibleEmulationBesideAnAbort() {
        realms.enter("rec", exception("0x92000006", "shared1"));
        realms.write(
                "run",
                RecEnter.of(RecEnter.EMULATED_MMIO | RecEnter.INJECT_ABORT).encode());
        realms.succeed(RmiCommand.REC_ENTER, "rec run");
        assertThat(realms.lastResumption()).isInstanceOf(Resumption.Abort.class);
    }

    private Function<Registers, Trap> exception(String esr, String ipa) {
        long hpfar = (realms.value(ipa) >>> 12) << 4;
        return registers -> new Trap.Synchronous(registers, new Syndrome(Long.decode(esr), 0, hpfar));
    }

    private static GeneralRegisters zero() {
        return GeneralRegisters.zero(RecEnter.REGISTERS);
    }
}
