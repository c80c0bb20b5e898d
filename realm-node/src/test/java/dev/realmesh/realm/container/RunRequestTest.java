// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Limits of what a host, which is not trusted, may ask for.
class RunRequestTest {
    private static final SecretFile SEALED = new SecretFile("/run/secrets/a", "sealed.x");

    @ParameterizedTest
    @MethodSource("bad")
    void refusesBadRequests(Executable request) {
        assertThatThrownBy(request::execute).isInstanceOf(ContainerException.BadRequest.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "etc/key",
                "//etc/key",
                "/etc//key",
                "/etc/key/",
                "/etc/./key",
                "/etc/../key",
                "/..",
                "/etc/ke\ny",
                "/proc/1/environ",
                "/proc",
                "/dev/null",
                "/sys/x"
            })
    void refusesPathsOfSecretFilesThatAreNone(String path) {
        assertThatThrownBy(() -> new SecretFile(path, "sealed.x")).isInstanceOf(ContainerException.BadRequest.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/key", "/run/secrets/db", "/etc/.hidden", "/etc/..a/...", "/processes/x", "/a b/c=d"})
    void takesOtherAbsolutePaths(String path) {
        assertThat(new SecretFile(path, "sealed.x").path()).isEqualTo(path);
    }

    private static List<SecretFile> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new SecretFile("/run/" + i, "sealed.x"))
                .toList();
    }

    static Stream<Executable> bad() {
        List<String> none = List.of();
        return Stream.of(
                () -> new RunRequest("", none, none, none, List.of()),
                () -> new RunRequest("a".repeat(513), none, none, none, List.of()),
                () -> new RunRequest("a", Collections.nCopies(1025, "x"), none, none, List.of()),
                () -> new RunRequest("a", List.of("x".repeat(128 * 1024 + 1)), none, none, List.of()),
                () -> new RunRequest("a", List.of("x\0y"), none, none, List.of()),
                () -> new RunRequest("a", none, List.of("NOVALUE"), none, List.of()),
                () -> new RunRequest("a", none, List.of("=x"), none, List.of()),
                () -> new RunRequest("a", none, none, Collections.nCopies(17, "kbs:///a/b/c"), List.of()),
                () -> new RunRequest("a", none, none, none, List.of(SEALED, SEALED)),
                () -> new RunRequest("a", none, none, none, many(65)),
                () -> new SecretFile("/a", "plain"),
                () -> new SecretFile("/a", "sealed." + "x".repeat(64 * 1024)),
                () -> new SecretFile("/" + "a".repeat(4096), "sealed.x"));
    }
}
