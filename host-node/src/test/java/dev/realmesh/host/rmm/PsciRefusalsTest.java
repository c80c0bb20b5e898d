// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RmiCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RMI_PSCI_COMPLETE: what it refuses, and that nothing changes.
class PsciRefusalsTest {
    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    unaligned caller            | rec+8 idle 0
                    unaligned target            | rec idle+8 0
                    caller is no REC            | free idle 0
                    target is no REC            | rec rd 0
                    caller outside              | outside idle 0
                    one REC for both            | rec rec 0
                    caller that asked nothing   | second idle 0
                    target of another Realm     | rec newrec 0
                    target with another MPIDR   | rec second 0
                    unknown status              | rec idle -2
                    status of the Realm         | rec idle -4
                    """)
    void turnsNothingOn(String why, String arguments) {
        realms.enterCalling("rec", PsciFunction.CPU_ON.fid(), "1 ram 0");
        realms.refuse(RmiCommand.PSCI_COMPLETE, arguments, "ERROR_INPUT");
        realms.succeed(RmiCommand.PSCI_COMPLETE, "rec idle 0");
    }

    @Test
    void deniesNoProcessorThatIsOn() {
        realms.enterCalling("rec", PsciFunction.CPU_ON.fid(), "2 ram 0");
        realms.refuse(RmiCommand.PSCI_COMPLETE, "rec second -3", "ERROR_INPUT");
        realms.succeed(RmiCommand.PSCI_COMPLETE, "rec second 0");
        realms.enter("rec", registers -> {
            assertThat(registers.x(0)).as("ALREADY_ON").isEqualTo(-4);
            return RealmFixture.interrupted(registers);
        });
    }

    @ParameterizedTest
    @CsvSource({"-3", "-2", "1"})
    void tellsNothingOfAProcessorWithoutSuccess(String status) {
        realms.enterCalling("rec", PsciFunction.AFFINITY_INFO.fid(), "1 0");
        realms.refuse(RmiCommand.PSCI_COMPLETE, "rec idle " + status, "ERROR_INPUT");
    }
}
