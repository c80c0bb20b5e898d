// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.machine.GranuleTransition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RMI_DATA_CREATE, RMI_DATA_CREATE_UNKNOWN and RMI_DATA_DESTROY: what they refuse, in their order, and that nothing
/// changes.
class DataRefusalsTest {
    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    unknown flag                | rd free page1 source 2          | ERROR_INPUT
                    flag before state           | active free page1 source 3      | ERROR_INPUT
                    unaligned source            | rd free page1 source+8 1        | ERROR_INPUT
                    source outside              | rd free page1 outside 1         | ERROR_INPUT
                    delegated source            | rd free page1 free2 1           | ERROR_INPUT
                    source of a Realm           | rd free page1 data 1            | ERROR_INPUT
                    source before state         | active free page1 free2 1       | ERROR_INPUT
                    page of the host            | rd host page1 source 1          | ERROR_INPUT
                    page in use                 | rd data page1 source 1          | ERROR_INPUT
                    table as page               | rd table page1 source 1         | ERROR_INPUT
                    unaligned page              | rd free+8 page1 source 1        | ERROR_INPUT
                    page outside                | rd outside page1 source 1       | ERROR_INPUT
                    no descriptor               | free2 free page1 source 1       | ERROR_INPUT
                    REC as descriptor           | rec free page1 source 1         | ERROR_INPUT
                    unaligned descriptor        | rd+8 free page1 source 1        | ERROR_INPUT
                    descriptor outside          | outside free page1 source 1     | ERROR_INPUT
                    one granule for both        | rd rd page1 source 1            | ERROR_INPUT
                    page before state           | active host page1 source 1      | ERROR_INPUT
                    active Realm                | active free page1 source 1      | ERROR_REALM
                    Realm that is off           | off free page1 source 1         | ERROR_REALM
                    state before address        | active free page1+8 source 1    | ERROR_REALM
                    unaligned address           | rd free page1+8 source 1        | ERROR_INPUT
                    shared address              | rd free shared1 source 1        | ERROR_INPUT
                    address beyond              | rd free beyond source 1         | ERROR_INPUT
                    address far beyond          | rd free -4096 source 1          | ERROR_INPUT
                    no table                    | rd free hole source 1           | ERROR_RTT:2
                    page there                  | rd free ram source 1            | ERROR_RTT:3
                    """)
    void createsNoPage(String why, String arguments, String status) {
        realms.refuse(RmiCommand.DATA_CREATE, arguments, status);
    }

    @Test
    void createsNoPageOfWhatEl3TookFromTheHost() {
        PhysicalAddress taken = new PhysicalAddress(realms.value("source"));
        assertThat(realms.platform.machine.rootMemory().delegate(taken)).isEqualTo(GranuleTransition.DONE);
        realms.refuse(RmiCommand.DATA_CREATE, "rd free page1 source 1", "ERROR_INPUT");
        realms.refuse(RmiCommand.DATA_CREATE, "rd free hole source 1", "ERROR_RTT:2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    page of the host            | rd host page1                   | ERROR_INPUT
                    page in use                 | rd data page1                   | ERROR_INPUT
                    unaligned page              | rd free+8 page1                 | ERROR_INPUT
                    page outside                | rd outside page1                | ERROR_INPUT
                    no descriptor               | free2 free page1                | ERROR_INPUT
                    unaligned descriptor        | rd+8 free page1                 | ERROR_INPUT
                    one granule for both        | rd rd page1                     | ERROR_INPUT
                    unaligned address           | active free page1+8             | ERROR_INPUT
                    shared address              | rd free shared1                 | ERROR_INPUT
                    address beyond              | rd free beyond                  | ERROR_INPUT
                    no table                    | off free hole                   | ERROR_RTT:2
                    page there                  | rd free ram                     | ERROR_RTT:3
                    """)
    void createsNoUnknownPage(String why, String arguments, String status) {
        realms.refuse(RmiCommand.DATA_CREATE_UNKNOWN, arguments, status);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free ram                        | ERROR_INPUT | 0
                    descriptor of the host      | host ram                        | ERROR_INPUT | 0
                    unaligned descriptor        | rd+8 ram                        | ERROR_INPUT | 0
                    descriptor outside          | outside ram                     | ERROR_INPUT | 0
                    unaligned address           | rd ram+8                        | ERROR_INPUT | 0
                    shared address              | rd shared                       | ERROR_INPUT | 0
                    address beyond              | rd beyond                       | ERROR_INPUT | 0
                    no table                    | rd hole                         | ERROR_RTT:2 | 0x100000000
                    no table at the address     | rd hole+0x3000                  | ERROR_RTT:2 | 0x100000000
                    no page                     | rd page1                        | ERROR_RTT:3 | 0x80200000
                    """)
    void destroysNoPage(String why, String arguments, String status, String top) {
        realms.refuse(RmiCommand.DATA_DESTROY, arguments, status, "0", top);
    }

    @Test
    void tellsWhereTheNextPageIs() {
        realms.succeed(RmiCommand.DATA_CREATE_UNKNOWN, "rd free page1+0x4000");
        realms.refuse(RmiCommand.DATA_DESTROY, "rd page1", "ERROR_RTT:3", "0", "page1+0x4000");
        assertThat(realms.succeed(RmiCommand.DATA_DESTROY, "rd ram").x2()).isEqualTo(realms.value("page1+0x4000"));
    }
}
