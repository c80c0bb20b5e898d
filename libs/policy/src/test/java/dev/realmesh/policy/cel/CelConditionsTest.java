// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.cel.CelConditions.Variable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Conditions in CEL over the variables of a service, with what they may cost.
class CelConditionsTest {
    private static final CelConditions CONDITIONS = CelConditions.over(
            Map.of("name", Variable.TEXT, "claims", Variable.OBJECT, "items", Variable.OBJECTS), 200);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name == 'n' | true",
                "claims.a.b == 1 | true",
                "claims.a.b > 0.5 && claims.list[1] == 'y' | true",
                "items.exists(i, i.k == 'v') | true",
                "has(claims.none) | false",
                "claims.nothing == null | true",
            })
    void seeJsonValues(String text, boolean holds) throws CelFailure {
        Map<String, Object> claims = new TreeMap<>(Map.of("a", Map.of("b", 1L), "list", List.of("x", "y")));
        claims.put("nothing", null);

        assertThat(CONDITIONS
                        .compile("x", text)
                        .holds(Map.of("name", "n", "claims", claims, "items", List.of(Map.of("k", "v")))))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claims.none", "claims.none == 1", "int(name) == 1", "claims.a.b / 0 == 1"})
    void failWhereNothingCanBeSaid(String text) {
        assertThatThrownBy(() -> CONDITIONS
                        .compile("x", text)
                        .holds(Map.of("name", "n", "claims", Map.of("a", Map.of("b", 1L)), "items", List.of())))
                .isInstanceOf(CelFailure.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 + 1 | x: expected type 'bool' but found 'int', line 1, column 3 (expected: a CEL expression that is a bool)",
                "true && other | line 1, column 9",
                "name.map(c, c) == [] | undeclared reference to 'map'",
                "( | line 1, column 2",
            })
    void sayWhatIsWrongAndWhere(String text, String message) {
        assertThatThrownBy(() -> CONDITIONS.compile("x", text))
                .isInstanceOf(PolicyException.Invalid.class)
                .hasMessageContaining(message);
    }

    @Test
    void areLimitedInLengthAndDepth() {
        assertThatThrownBy(() -> CONDITIONS.compile("x", "true" + " || true".repeat(50)))
                .isInstanceOf(PolicyException.Invalid.class);
        assertThatThrownBy(() -> CONDITIONS.compile("x", "!".repeat(20) + "(".repeat(40) + "true" + ")".repeat(40)))
                .isInstanceOf(PolicyException.Invalid.class);
    }
}
