// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.vmm.arguments.OptionTable.Given;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Command lines in the form that `clap` takes.
class OptionTableTest {
    private final OptionTable options = new OptionTable()
            .flags("--pmu", "-x")
            .counts("-v")
            .values("-m|--mem")
            .repeated("-d|--disk");

    @ParameterizedTest
    @ValueSource(strings = {"-m 1G", "-m1G", "-m=1G", "--mem 1G", "--mem=1G", "-xm1G", "-vvx --mem=1G"})
    void takesEverySpellingOfAValue(String line) {
        assertThat(options.parse(List.of(line.split(" "))).find("--mem")).contains("1G");
    }

    @Test
    void keepsRepeatedValuesInOrder() {
        Given given = options.parse(List.of("-d", "a", "--disk=b=c", "-dd"));

        assertThat(given.all("--disk")).containsExactly("a", "b=c", "d");
        assertThat(given.has("--pmu")).isFalse();
        assertThat(given.find("--mem")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --sve         | --sve (expected: an option that Realms can be measured with)
            -q            | -q (expected: an option that Realms can be measured with)
            image         | image (expected: an option)
            --mem         | --mem has no value (expected: one)
            -m --pmu      | --mem has no value (expected: one)
            --pmu=on      | --pmu=on (expected: --pmu without a value)
            --pmu --pmu   | --pmu is there twice (expected: once)
            -m 1G --mem 2 | --mem is there twice (expected: once)
            """)
    void refusesOtherLines(String line, String message) {
        assertThatThrownBy(() -> options.parse(List.of(line.split(" "))))
                .isInstanceOf(PlanException.BadArguments.class)
                .hasMessage(message);
    }
}
