// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RsiCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The RTT commands: what they refuse, in their order, and that nothing changes.
class RttRefusalsTest {
    private final RealmFixture realms = new RealmFixture();

    @AfterEach
    void powerOff() {
        realms.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    table of the host           | rd host hole 3        | ERROR_INPUT
                    table in use                | rd table hole 3       | ERROR_INPUT
                    unaligned table             | rd free+8 hole 3      | ERROR_INPUT
                    table outside               | rd outside hole 3     | ERROR_INPUT
                    no descriptor               | free2 free hole 3     | ERROR_INPUT
                    unaligned descriptor        | rd+8 free hole 3      | ERROR_INPUT
                    one granule for both        | rd rd hole 3          | ERROR_INPUT
                    start level                 | rd free hole 2        | ERROR_INPUT
                    level above                 | rd free hole 1        | ERROR_INPUT
                    negative level              | rd free hole -1       | ERROR_INPUT
                    level below pages           | rd free hole 4        | ERROR_INPUT
                    level of other width        | rd free hole 0x100000003 | ERROR_INPUT
                    address inside an entry     | rd free hole+0x1000   | ERROR_INPUT
                    unaligned address           | rd free hole+8        | ERROR_INPUT
                    address beyond              | rd free beyond 3      | ERROR_INPUT
                    table there                 | rd free ram 3         | ERROR_RTT:2
                    shared table there          | active free shared 3  | ERROR_RTT:2
                    """)
    void createsNoTable(String why, String arguments, String status) {
        realms.refuse(RmiCommand.RTT_CREATE, arguments, status);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free ram 3            | ERROR_INPUT | 0
                    unaligned descriptor        | rd+8 ram 3            | ERROR_INPUT | 0
                    start level                 | rd ram 2              | ERROR_INPUT | 0
                    level below pages           | rd ram 4              | ERROR_INPUT | 0
                    address inside an entry     | rd page1 3            | ERROR_INPUT | 0
                    address beyond              | rd beyond 3           | ERROR_INPUT | 0
                    no table                    | rd hole 3             | ERROR_RTT:2 | 0x100000000
                    no shared table             | rd sharedhole 3       | ERROR_RTT:2 | 0x140000000
                    page in the table           | rd ram 3              | ERROR_RTT:3 | ram
                    """)
    void destroysNoTable(String why, String arguments, String status, String top) {
        realms.refuse(RmiCommand.RTT_DESTROY, arguments, status, "0", top);
    }

    @Test
    void destroysATableThatMapsOnlyMemoryOfTheHost() {
        realms.succeed(RmiCommand.RTT_DESTROY, "rd shared 3");
        assertThat(realms.succeed(RmiCommand.RTT_READ_ENTRY, "rd shared 3").x1())
                .isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free ram 3            | ERROR_INPUT
                    unaligned descriptor        | rd+8 ram 3            | ERROR_INPUT
                    start level                 | rd ram 2              | ERROR_INPUT
                    level below pages           | rd ram 4              | ERROR_INPUT
                    address inside an entry     | rd page1 3            | ERROR_INPUT
                    address beyond              | rd beyond 3           | ERROR_INPUT
                    no table                    | rd hole 3             | ERROR_RTT:2
                    page among others           | rd ram 3              | ERROR_RTT:3
                    shared page among others    | rd shared 3           | ERROR_RTT:3
                    """)
    void foldsNoTable(String why, String arguments, String status) {
        realms.refuse(RmiCommand.RTT_FOLD, arguments, status);
    }

    @Test
    void foldsNoTableOfSeveralRipas() {
        realms.refuse(RmiCommand.RTT_INIT_RIPAS, "rd page2+0x1000 page2", "ERROR_INPUT");
        realms.succeed(RmiCommand.DATA_DESTROY, "rd ram");
        realms.refuse(RmiCommand.RTT_FOLD, "rd ram 3", "ERROR_RTT:3");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free shared1 3 0x40000000          | ERROR_INPUT
                    level 0                     | rd shared1 0 0x40000000            | ERROR_INPUT
                    level below pages           | rd shared1 4 0x40000000            | ERROR_INPUT
                    unaligned address           | rd shared1+8 3 0x40000000          | ERROR_INPUT
                    address inside an entry     | rd shared1 2 0x40000000            | ERROR_INPUT
                    address beyond              | rd beyond 3 0x40000000             | ERROR_INPUT
                    valid bit                   | rd shared1 3 0x40000001            | ERROR_INPUT
                    fourth attribute bit        | rd shared1 3 0x40000020            | ERROR_INPUT
                    reserved attributes         | rd shared1 3 0x40000010            | ERROR_INPUT
                    shareability                | rd shared1 3 0x40000100            | ERROR_INPUT
                    access flag                 | rd shared1 3 0x40000400            | ERROR_INPUT
                    execute never               | rd shared1 3 0x0040000040000000    | ERROR_INPUT
                    52-bit address              | rd shared1 3 0x0001000040000000    | ERROR_INPUT
                    block that is not aligned   | rd sharedhole 2 0x40001000         | ERROR_INPUT
                    protected address           | rd page1 3 0x40000000              | ERROR_INPUT
                    no table                    | rd sharedhole 3 0x40000000         | ERROR_RTT:2
                    table there                 | rd shared 2 0x40000000             | ERROR_RTT:2
                    page there                  | rd shared 3 0x40000000             | ERROR_RTT:3
                    level above the start level | rd shared 1 0x40000000             | ERROR_INPUT
                    """)
    void mapsNothing(String why, String arguments, String status) {
        realms.refuse(RmiCommand.RTT_MAP_UNPROTECTED, arguments, status);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free shared 3         | ERROR_INPUT | 0
                    level 0                     | rd shared 0           | ERROR_INPUT | 0
                    level below pages           | rd shared 4           | ERROR_INPUT | 0
                    unaligned address           | rd shared+8 3         | ERROR_INPUT | 0
                    address beyond              | rd beyond 3           | ERROR_INPUT | 0
                    protected address           | rd ram 3              | ERROR_INPUT | 0
                    no table                    | rd sharedhole 3       | ERROR_RTT:2 | 0x140000000
                    a table                     | rd shared 2           | ERROR_RTT:2 | shared
                    no page                     | rd shared1 3          | ERROR_RTT:3 | sharedhole
                    """)
    void unmapsNothing(String why, String arguments, String status, String top) {
        realms.refuse(RmiCommand.RTT_UNMAP_UNPROTECTED, arguments, status, top, "0");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no descriptor               | free ram 3            | ERROR_INPUT
                    unaligned descriptor        | rd+8 ram 3            | ERROR_INPUT
                    level above the start level | rd ram 1              | ERROR_INPUT
                    negative level              | rd ram -1             | ERROR_INPUT
                    level below pages           | rd ram 4              | ERROR_INPUT
                    address inside an entry     | rd page1 2            | ERROR_INPUT
                    unaligned address           | rd ram+8 3            | ERROR_INPUT
                    address beyond              | rd beyond 3           | ERROR_INPUT
                    """)
    void readsNoEntry(String why, String arguments, String status) {
        realms.refuse(RmiCommand.RTT_READ_ENTRY, arguments, status);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    empty range                 | rd page1 page1        | ERROR_INPUT
                    range backwards             | rd page2 page1        | ERROR_INPUT
                    no descriptor               | free page1 page2      | ERROR_INPUT
                    unaligned descriptor        | rd+8 page1 page2      | ERROR_INPUT
                    unaligned base              | rd page1+8 page2      | ERROR_INPUT
                    unaligned top               | rd page1 page2+8      | ERROR_INPUT
                    shared range                | rd shared shared1     | ERROR_INPUT
                    range into the shared half  | rd hole shared1       | ERROR_INPUT
                    range beyond                | rd beyond beyond+0x1000 | ERROR_INPUT
                    range before state          | active shared shared1 | ERROR_INPUT
                    active Realm                | active page1 page2    | ERROR_REALM
                    Realm that is off           | off page1 page2       | ERROR_REALM
                    base inside an entry        | rd hole+0x1000 0xC0400000 | ERROR_RTT:2
                    entry larger than the range | rd hole hole+0x1000   | ERROR_RTT:2
                    page there                  | rd ram page1          | ERROR_RTT:3
                    """)
    void initialisesNothing(String why, String arguments, String status) {
        realms.refuse(RmiCommand.RTT_INIT_RIPAS, arguments, status);
    }

    @Test
    void initialisesNothingThatIsDestroyed() {
        realms.succeed(RmiCommand.DATA_DESTROY, "rd ram");
        realms.refuse(RmiCommand.RTT_INIT_RIPAS, "rd ram page2", "ERROR_RTT:3");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    empty range                 | active rec page1 page1      | ERROR_INPUT
                    range backwards             | active rec page2 page1      | ERROR_INPUT
                    unaligned top               | active rec page1 page2+8    | ERROR_INPUT
                    no descriptor               | free rec page1 page2        | ERROR_INPUT
                    unaligned descriptor        | active+8 rec page1 page2    | ERROR_INPUT
                    no REC                      | active free page1 page2     | ERROR_INPUT
                    unaligned REC               | active rec+8 page1 page2    | ERROR_INPUT
                    one granule for both        | rec rec page1 page2         | ERROR_INPUT
                    REC of another Realm        | rd rec page1 page2          | ERROR_REC
                    Realm before range          | rd rec page2 hole           | ERROR_REC
                    REC that asked for nothing  | active second page1 page2   | ERROR_INPUT
                    not the next address        | active rec page2 hole       | ERROR_INPUT
                    unaligned base              | active rec page1+8 page2    | ERROR_INPUT
                    beyond what was asked for   | active rec page1 hole+0x2000 | ERROR_INPUT
                    """)
    void changesNoRipas(String why, String arguments, String status) {
        realms.enterCalling("rec", RsiCommand.IPA_STATE_SET.fid(), "page1 hole+0x1000 1 0");
        realms.refuse(RmiCommand.RTT_SET_RIPAS, arguments, status);
    }

    @Test
    void changesNoRipasOfPartsOfAnEntry() {
        realms.enterCalling("rec", RsiCommand.IPA_STATE_SET.fid(), "hole+0x1000 0xC0400000 1 0");
        realms.refuse(RmiCommand.RTT_SET_RIPAS, "active rec hole+0x1000 0xC0400000", "ERROR_RTT:2");
        realms.enterCalling("rec", RsiCommand.IPA_STATE_SET.fid(), "hole 0xC0400000 1 0");
        realms.refuse(RmiCommand.RTT_SET_RIPAS, "active rec hole hole+0x1000", "ERROR_RTT:2");
        assertThat(realms.succeed(RmiCommand.RTT_SET_RIPAS, "active rec hole 0xC0300000")
                        .x1())
                .isEqualTo(0xC020_0000L);
    }
}
