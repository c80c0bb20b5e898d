// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import dev.realmesh.host.vmm.plan.VmmVectors;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What a plan says is what the RMM measures: each recorded Realm is built by RMI calls and reads its own RIM.
class PlannedRealmsTest {
    private static final int RIM = 0;
    private static final int RIM_BYTES = 64;

    /// A processor that asks the RMM for its Realm's RIM, and switches off.
    private static final class ReadsItsRim implements RealmProcessor {
        private boolean asked;
        private String rim = "";

        @Override
        public Trap run(Resumption resumption) {
            Registers registers = resumption.registers();
            if (asked) {
                rim = HexFormat.of().formatHex(registers.bytes(1, RIM_BYTES));
                return new Trap.Smc(registers.withX(0, PsciFunction.SYSTEM_OFF.fid()));
            }
            asked = true;
            return new Trap.Smc(
                    registers.withX(0, RsiCommand.MEASUREMENT_READ.fid()).withX(1, RIM));
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#realms")
    void haveTheRimThatIsRecorded(String name, JsonNode vector) {
        PlannedRealm planned = VmmVectors.plan(vector);
        ReadsItsRim processor = new ReadsItsRim();
        try (BootedMachine machine = new BootedMachine(64L << 20, context -> processor);
                RealmMachine realm =
                        machine.host().build(planned.plan(), planned.personalizationValue(), RealmDevices.NONE)) {
            assertThat(realm.run()).isEqualTo(RealmEnd.SYSTEM_OFF);

            assertThat(processor.rim)
                    .as(name)
                    .isEqualTo(vector.at("/expected/rim").asString());
        }
    }
}
