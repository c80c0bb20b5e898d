// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signals by the names that images and people give them; numbers as signal(7) has them.
class SignalNameTest {
    @ParameterizedTest
    @CsvSource({
        "SIGTERM, 15", "TERM, 15", "term, 15", "15, 15", "SIGHUP, 1", "INT, 2", "QUIT, 3", "KILL, 9", "USR1, 10",
        "USR2, 12", "CHLD, 17", "CONT, 18", "STOP, 19", "WINCH, 28", "SYS, 31", "SIGRTMIN+3, 37", "RTMIN+0, 34",
                "64, 64"
    })
    void nameHasItsNumber(String name, int number) {
        assertThat(SignalName.number(name)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIG", "NONE", "0", "65", "-1", "RTMIN+31", "15 ", "TERM;", "111111111111"})
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> SignalName.number(name)).isInstanceOf(ContainerException.BadRequest.class);
    }
}
