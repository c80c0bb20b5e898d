// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How deep the tables of a Realm are, as KVM makes them; the entries are those of `realm-measurements`' own tests.
class RttGeometryTest {
    @ParameterizedTest
    @CsvSource({
        "32, 2, 4",
        "33, 2, 8",
        "34, 2, 16",
        "35, 1, 1",
        "39, 1, 1",
        "40, 1, 2",
        "41, 1, 4",
        "43, 1, 16",
        "44, 0, 1",
        "48, 0, 1",
        "52, 0, 16"
    })
    void startsAtTheDeepestLevelThatSixteenTablesReach(int ipaBits, int level, int tables) {
        RttGeometry geometry = new RttGeometry(ipaBits);

        assertThat(geometry.startLevel()).isEqualTo(level);
        assertThat(geometry.startTables()).isEqualTo(tables);
        assertThat(geometry.protectedTop()).isEqualTo(1L << (ipaBits - 1));
    }

    @ParameterizedTest
    @CsvSource({
        "41, 0x0, 0x1000, 0x1000",
        "41, 0x0, 0x40000000, 0x40000000",
        "33, 0x40000000, 0x80000000, 0x200000",
        "41, 0x100000000, 0x140000000, 0x40000000",
        "41, 0x80001000, 0x80200000, 0x1000",
        "41, 0x6200000, 0x70000000, 0x200000",
        "41, 0x6300000, 0x70000000, 0x1000",
        "41, 0x400000, 0x500000, 0x1000",
        "48, 0x8000000000, 0x10000000000, 0x8000000000"
    })
    void takesTheLargestEntryThatFits(int ipaBits, String base, String top, String size) {
        int level = new RttGeometry(ipaBits).largestEntryLevel(Long.decode(base), Long.decode(top));

        assertThat(RttGeometry.entrySize(level)).isEqualTo(Long.decode(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 53})
    void refusesSpacesThatNoRealmHas(int ipaBits) {
        assertThatThrownBy(() -> new RttGeometry(ipaBits)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pagesAreEntriesOfTheLastLevel() {
        assertThat(RttGeometry.entrySize(3)).isEqualTo(RttGeometry.PAGE);
    }
}
