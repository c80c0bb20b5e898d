// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.vmm.plan.PlanException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sizes of memory in command lines.
class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1048576",
        "4096B, 4096",
        "64K, 65536",
        "512M, 536870912",
        "2G, 2147483648",
        "1T, 1099511627776",
        "1P, 1125899906842624",
        "0x10M, 16777216"
    })
    void readsANumberAndAUnit(String text, long bytes) {
        assertThat(MemorySize.parse("-m", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "1g", "-1", "1.5G", "9999999999G", "99999999999999999999"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> MemorySize.parse("-m", text)).isInstanceOf(PlanException.BadArguments.class);
    }
}
