// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.machine.GranuleTransition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RMI_GRANULE_DELEGATE and RMI_GRANULE_UNDELEGATE: what they refuse, each with ERROR_INPUT and nothing changed.
class GranuleRefusalsTest {
    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host+8",
                "host+0x800",
                "outside",
                "0",
                "-4096",
                "free",
                "rd",
                "root",
                "table",
                "data",
                "rec",
                "aux"
            })
    void delegatesOnlyGranulesOfTheHost(String granule) {
        realms.refuse(RmiCommand.GRANULE_DELEGATE, granule, "ERROR_INPUT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "free+8",
                "free+0x800",
                "outside",
                "0",
                "-4096",
                "host",
                "rd",
                "root",
                "table",
                "data",
                "rec",
                "aux"
            })
    void undelegatesOnlyGranulesThatAreUnused(String granule) {
        realms.refuse(RmiCommand.GRANULE_UNDELEGATE, granule, "ERROR_INPUT");
    }

    @Test
    void delegatesNothingThatEl3Refuses() {
        PhysicalAddress taken = new PhysicalAddress(realms.value("host"));
        assertThat(realms.platform.machine.rootMemory().delegate(taken)).isEqualTo(GranuleTransition.DONE);
        realms.refuse(RmiCommand.GRANULE_DELEGATE, "host", "ERROR_INPUT");
    }
}
