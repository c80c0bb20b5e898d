// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RmiCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RMI_REALM_CREATE, RMI_REALM_ACTIVATE, RMI_REALM_DESTROY and RMI_REC_AUX_COUNT: what they refuse, and that nothing
/// changes. Each bad parameter alone is in the recorded traces.
class RealmRefusalsTest {
    private static final int FREE_VMID = 9;

    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    unaligned parameters        | free source+8    | roots
                    parameters outside          | free outside     | roots
                    delegated parameters        | free free2       | roots
                    descriptor of the host      | host source      | roots
                    descriptor of a Realm       | rd source        | roots
                    unaligned descriptor        | free+8 source    | roots
                    descriptor outside          | outside source   | roots
                    a table as descriptor       | roots source     | roots
                    the last table, too         | roots+0x7000 source | roots
                    tables in use               | free source      | root+-0x2000
                    tables of the host          | free source      | host+-0x12000
                    tables partly of the host   | free source      | roots+0x8000
                    unaligned tables            | free source      | roots+0x1000
                    tables outside              | free source      | 0
                    """)
    void createsNoRealm(String why, String arguments, String tables) {
        realms.write("source", params(FREE_VMID, realms.value(tables)));
        realms.refuse(RmiCommand.REALM_CREATE, arguments, "ERROR_INPUT");
    }

    @Test
    void createsNoRealmUnderTheVmidOfAnother() {
        realms.write("source", params(1, realms.value("roots")));
        realms.refuse(RmiCommand.REALM_CREATE, "free source", "ERROR_INPUT");
    }

    @Test
    void keepsNoVmidOfARealmThatItRefused() {
        realms.write("source", params(FREE_VMID, realms.value("roots")));
        realms.refuse(RmiCommand.REALM_CREATE, "host source", "ERROR_INPUT");
        realms.succeed(RmiCommand.REALM_CREATE, "free source");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free             | ERROR_INPUT
                    descriptor of the host      | host             | ERROR_INPUT
                    a REC                       | rec              | ERROR_INPUT
                    unaligned descriptor        | rd+8             | ERROR_INPUT
                    descriptor outside          | outside          | ERROR_INPUT
                    active Realm                | active           | ERROR_REALM
                    Realm that is off           | off              | ERROR_REALM
                    """)
    void activatesNothing(String why, String arguments, String status) {
        realms.refuse(RmiCommand.REALM_ACTIVATE, arguments, status);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free             | ERROR_INPUT
                    descriptor of the host      | host             | ERROR_INPUT
                    a table                     | root             | ERROR_INPUT
                    unaligned descriptor        | rd+8             | ERROR_INPUT
                    descriptor outside          | outside          | ERROR_INPUT
                    Realm with a REC            | off              | ERROR_REALM
                    Realm with pages            | rd               | ERROR_REALM
                    """)
    void destroysNothing(String why, String arguments, String status) {
        realms.refuse(RmiCommand.REALM_DESTROY, arguments, status);
    }

    @Test
    void destroysARealmOnlyWithoutRecsAndTables() {
        realms.succeed(RmiCommand.REC_DESTROY, "offrec");
        realms.refuse(RmiCommand.REALM_DESTROY, "off", "ERROR_REALM");
        realms.succeed(RmiCommand.RTT_DESTROY, "off ram 3");
        realms.refuse(RmiCommand.REALM_DESTROY, "off", "ERROR_REALM");
        realms.succeed(RmiCommand.RTT_DESTROY, "off shared 3");
        realms.succeed(RmiCommand.REALM_DESTROY, "off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"free", "host", "rec", "rd+8", "outside"})
    void countsAuxiliaryGranulesOnlyOfRealms(String descriptor) {
        realms.refuse(RmiCommand.REC_AUX_COUNT, descriptor, "ERROR_INPUT");
    }

    private static byte[] params(int vmid, long tables) {
        return new RealmParams(
                        new RealmFeatures(0, 33, 0, 1, 1, 0, 0),
                        RealmPersonalizationValue.NONE,
                        vmid,
                        new RealmParams.RttRoot(tables, 2, 8))
                .encode();
    }
}
