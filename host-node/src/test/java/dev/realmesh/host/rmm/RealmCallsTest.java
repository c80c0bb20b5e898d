// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.SmcFunction;
import dev.realmesh.host.machine.Registers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RSI and PSCI: what a Realm is refused, and how a call names its function. `ram` is mapped, `page1` is RAM but not
/// mapped, `page2` is EMPTY.
class RealmCallsTest {
    private static final long ERROR_INPUT = 1;
    private static final long ERROR_STATE = 2;

    private final RealmFixture realms = new RealmFixture();

    @BeforeEach
    void mapAPage() {
        realms.succeed(RmiCommand.DATA_CREATE_UNKNOWN, "active free ram");
    }

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    MEASUREMENT_READ      | 5
                    MEASUREMENT_READ      | -1
                    MEASUREMENT_EXTEND    | 0 8
                    MEASUREMENT_EXTEND    | 5 8
                    MEASUREMENT_EXTEND    | 1 65
                    MEASUREMENT_EXTEND    | 1 -1
                    ATTEST_TOKEN_CONTINUE | ram+8 0 8
                    ATTEST_TOKEN_CONTINUE | ram 0x1000 0
                    ATTEST_TOKEN_CONTINUE | ram 8 0xFF9
                    ATTEST_TOKEN_CONTINUE | ram 8 -8
                    ATTEST_TOKEN_CONTINUE | shared 0 8
                    ATTEST_TOKEN_CONTINUE | beyond 0 8
                    REALM_CONFIG          | ram+8
                    REALM_CONFIG          | shared
                    REALM_CONFIG          | beyond
                    REALM_CONFIG          | page2
                    REALM_CONFIG          | hole
                    IPA_STATE_SET         | page1 page1 0 0
                    IPA_STATE_SET         | page2 page1 0 0
                    IPA_STATE_SET         | page1+8 page2 0 0
                    IPA_STATE_SET         | page1 page2+8 0 0
                    IPA_STATE_SET         | page1 page2 2 0
                    IPA_STATE_SET         | page1 page2 -1 0
                    IPA_STATE_SET         | shared shared1 0 0
                    IPA_STATE_SET         | hole shared1 0 0
                    IPA_STATE_GET         | page1 page1
                    IPA_STATE_GET         | page1+8 page2
                    IPA_STATE_GET         | page1 page2+8
                    IPA_STATE_GET         | shared shared1
                    IPA_STATE_GET         | hole shared1
                    HOST_CALL             | ram+8
                    HOST_CALL             | ram+0xF80
                    HOST_CALL             | shared
                    HOST_CALL             | page2
                    """)
    void refusesBadArguments(RsiCommand command, String arguments) {
        Registers after = realms.registersAfter("rec", command.fid(), arguments);
        assertThat(after.general().resized(4).toArray()).containsExactly(ERROR_INPUT, 0, 0, 0);
        assertThat(realms.registersAfter("rec", RsiCommand.MEASUREMENT_READ.fid(), "1")
                        .general()
                        .resized(9)
                        .toArray())
                .containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"REALM_CONFIG", "HOST_CALL"})
    void tellsTheHostOfABufferThatIsNotMapped(RsiCommand command) {
        RecExit exit = realms.enterCalling("rec", command.fid(), "page1");
        assertThat(exit).isInstanceOfSatisfying(RecExit.Sync.class, abort -> {
            assertThat(abort.esr()).isEqualTo(0x9000_0007L);
            assertThat(abort.hpfar()).isEqualTo(realms.value("page1") >>> 8);
            assertThat(abort.far()).isZero();
        });
        realms.enter("rec", registers -> {
            assertThat(registers.x(0)).as("it calls again").isEqualTo(command.fid());
            return RealmFixture.interrupted(registers);
        });
    }

    @Test
    void checksBuffersOfATokenBeforeItsState() {
        long read = RsiCommand.ATTEST_TOKEN_CONTINUE.fid();
        assertThat(realms.registersAfter("rec", read, "ram 0 8").x(0)).isEqualTo(ERROR_STATE);
        assertThat(realms.registersAfter("rec", read, "page2 0 8").x(0)).isEqualTo(ERROR_STATE);
        assertThat(realms.registersAfter("rec", read, "shared 0 8").x(0)).isEqualTo(ERROR_INPUT);
        realms.registersAfter("rec", RsiCommand.ATTEST_TOKEN_INIT.fid(), "1 2 3 4 5 6 7 8");
        assertThat(realms.registersAfter("rec", read, "page2 0 8").x(0)).isEqualTo(ERROR_INPUT);
        assertThat(realms.enterCalling("rec", read, "page1 0 8")).isInstanceOf(RecExit.Sync.class);
    }

    @Test
    void givesAnEmptyPieceOfAToken() {
        realms.registersAfter("rec", RsiCommand.ATTEST_TOKEN_INIT.fid(), "1 2 3 4 5 6 7 8");
        Registers after = realms.registersAfter("rec", RsiCommand.ATTEST_TOKEN_CONTINUE.fid(), "ram 0 0");
        assertThat(after.general().resized(4).toArray()).containsExactly(3, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0xC400_019FL, 0xC400_0150L, 0xC400_01A0L, 0x8400_0190L, 0xC600_0000L, 0})
    void knowsNoOtherFunctions(long fid) {
        assertThat(realms.registersAfter("rec", fid, "0").x(0)).isEqualTo(SmcFunction.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8400_0005L, 0x8400_0007L, 0xC400_0008L, 0x8400_000BL, 0x8400_0012L, 0xC400_0014L})
    void hasNoOtherPartsOfPsci(long fid) {
        assertThat(realms.registersAfter("rec", fid, "0").x(0)).isEqualTo(-1);
        assertThat(realms.registersAfter("rec", PsciFunction.FEATURES.fid(), Long.toString(fid))
                        .x(0))
                .isEqualTo(-1);
    }

    @Test
    void offersEachPartOfPsciThatItHas() {
        for (PsciFunction function : PsciFunction.values()) {
            assertThat(realms.registersAfter("rec", PsciFunction.FEATURES.fid(), Long.toString(function.fid()))
                            .x(0))
                    .as("%s", function)
                    .isZero();
        }
    }

    @Test
    void namesFunctionsByTheLowHalfOfX0() {
        long version = RsiCommand.VERSION.fid();
        for (long fid : new long[] {version, version | 1L << 40, version | 1 << 16}) {
            Registers after = realms.registersAfter("rec", fid, "0x10000");
            assertThat(after.general().resized(3).toArray()).containsExactly(0, 0x1_0000, 0x1_0000);
        }
        assertThat(realms.registersAfter("rec", SmcFunction.VERSION, "").x(0)).isEqualTo(0x1_0002);
        long features = RmiCommand.FEATURES.fid();
        assertThat(realms.platform.rmm.smc(features | 1 << 16, 0))
                .isEqualTo(realms.platform.rmm.smc(features | 1L << 33, 0))
                .isEqualTo(realms.platform.rmm.smc(features, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0xC400_0156L, 0xC400_0160L, 0xC400_0163L, 0xC400_016AL, 0xC400_0190L, 0x8400_0151L, 0})
    void knowsNoOtherFunctionsOfHosts(long fid) {
        assertThat(realms.platform.rmm.smc(fid, 1, 2, 3)).containsExactly(-1, 0, 0, 0, 0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    entry point shared          | 1 shared 0    | -9
                    entry point beyond          | 1 beyond 0    | -9
                    entry point first           | 7 shared 0    | -9
                    no such processor           | 7 ram 0       | -2
                    bits that are no affinity   | 0x1000001 ram 0 | -2
                    itself                      | 0 ram 0       | -4
                    """)
    void turnsNothingOn(String why, String arguments, long status) {
        Registers after = realms.registersAfter("rec", PsciFunction.CPU_ON.fid(), arguments);
        assertThat(after.general().resized(4).toArray()).containsExactly(status, 0, 0, 0);
    }
}
