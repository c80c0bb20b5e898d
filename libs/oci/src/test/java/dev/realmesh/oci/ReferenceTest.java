// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The grammar of image references.
class ReferenceTest {
    private static final String DIGEST = "sha256:" + "0".repeat(64);

    @ParameterizedTest
    @CsvSource({
        "app, '', app, :latest",
        "team/app:1.0, '', team/app, :1.0",
        "docker.io/library/alpine:3, docker.io, library/alpine, :3",
        "localhost/app, localhost, app, :latest",
        "127.0.0.1:5000/x/y:t, 127.0.0.1:5000, x/y, :t",
        "[::1]:5000/x:t, [::1]:5000, x, :t"
    })
    void readsItsParts(String text, String registry, String repository, String version) {
        Reference reference = Reference.parse(text);

        assertThat(reference.registry()).isEqualTo(registry);
        assertThat(reference.repository()).isEqualTo(repository);
        assertThat(reference.version().suffix()).isEqualTo(version);
        assertThat(Reference.parse(reference.toString())).isEqualTo(reference);
    }

    @Test
    void prefersDigestToTag() {
        assertThat(Reference.parse("host:1/app:tag@" + DIGEST)).hasToString("host:1/app@" + DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "App",
                "app:",
                "app@",
                "app@sha256:00",
                "app@md5:00",
                "../app",
                "a/../b",
                "/app",
                "app/",
                "a//b",
                "host:x/app",
                "app:.tag",
                "a b",
                "a__-b",
                "http://host/app",
                "app:tag:tag",
                "a\u0000b"
            })
    void refusesWhatIsNoReference(String text) {
        assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(OciException.BadReference.class);
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatThrownBy(() -> Reference.parse("a".repeat(513))).isInstanceOf(OciException.BadReference.class);
        assertThatThrownBy(() -> Reference.parse("a".repeat(256))).isInstanceOf(OciException.BadReference.class);
        assertThatThrownBy(() -> Reference.parse("a:" + "t".repeat(129))).isInstanceOf(OciException.BadReference.class);
    }
}
