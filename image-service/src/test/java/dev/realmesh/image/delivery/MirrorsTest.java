// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where an image may be had besides its registry.
class MirrorsTest {
    private static final Mirrors MIRRORS = Mirrors.parse(List.of(
            "docker.io=mirror.example:5000/hub/library-of", "quay.io=mirror.example:5000", "docker.io=second.example"));

    @Test
    void mirrorsAreInTheOrderInWhichTheyAreSaid() {
        assertThat(MIRRORS.of(Reference.parse("docker.io/team/app:1")))
                .extracting(Reference::toString)
                .containsExactly("mirror.example:5000/hub/library-of/team/app:1", "second.example/team/app:1");
        assertThat(MIRRORS.registries()).containsExactlyInAnyOrder("mirror.example:5000", "second.example");
    }

    @Test
    void imagesOfDockerItselfAreInTheirNamespaceThere() {
        assertThat(MIRRORS.of(Reference.parse("docker.io/busybox:1")).getLast())
                .hasToString("second.example/library/busybox:1");
        assertThat(MIRRORS.of(Reference.parse("quay.io/busybox:1"))).hasToString("[mirror.example:5000/busybox:1]");
    }

    @Test
    void otherRegistriesHaveNone() {
        assertThat(MIRRORS.of(Reference.parse("ghcr.io/team/app:1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "docker.io",
                "=mirror.example",
                "docker.io=",
                "docker.io=/x",
                "docker.io=m.example/UP",
                "a=b c"
            })
    void entryThatIsNoneIsRefused(String entry) {
        assertThatThrownBy(() -> Mirrors.parse(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mirrors: " + entry);
    }
}
