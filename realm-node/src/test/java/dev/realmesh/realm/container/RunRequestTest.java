// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Limits of what a host, which is not trusted, may ask for.
class RunRequestTest {
    @ParameterizedTest
    @MethodSource("bad")
    void refusesBadRequests(Executable request) {
        assertThatThrownBy(request::execute).isInstanceOf(ContainerException.BadRequest.class);
    }

    static Stream<Executable> bad() {
        List<String> none = List.of();
        return Stream.of(
                () -> new RunRequest("", none, none, none),
                () -> new RunRequest("a".repeat(513), none, none, none),
                () -> new RunRequest("a", Collections.nCopies(1025, "x"), none, none),
                () -> new RunRequest("a", List.of("x".repeat(128 * 1024 + 1)), none, none),
                () -> new RunRequest("a", List.of("x\0y"), none, none),
                () -> new RunRequest("a", none, List.of("NOVALUE"), none),
                () -> new RunRequest("a", none, List.of("=x"), none),
                () -> new RunRequest("a", none, none, Collections.nCopies(17, "kbs:///a/b/c")));
    }
}
