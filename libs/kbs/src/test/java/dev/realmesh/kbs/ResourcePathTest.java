// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of resources: exactly three plain names, whatever a caller tries.
class ResourcePathTest {
    @ParameterizedTest
    @ValueSource(strings = {"default/key/k1", "a/b/c", "-/_/0", "a.b/c..d/e-f_g.h"})
    void readsThreeNames(String text) {
        assertThat(ResourcePath.parse(text)).hasToString(text);
        assertThat(ResourceUri.parse("kbs:///" + text).path()).isEqualTo(ResourcePath.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "a/b",
                "a/b/c/d",
                "/a/b/c",
                "a/b/c/",
                "a//c",
                "../b/c",
                "a/../c",
                "a/b/..",
                "./b/c",
                "a/b/.c",
                "a/b/c\n",
                "a/b/c\u0000",
                "a/b/c d",
                "a/b/%2e%2e",
                "a\\b/c/d",
                "a/b/ü",
                "a/b/c?x=y",
                "a/b/~",
                "a/b/*"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> ResourcePath.parse(text)).isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> ResourceUri.parse("kbs:///" + text)).isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void nameOf128CharactersIsTheLongest() {
        String longest = "x".repeat(128);

        assertThat(ResourcePath.parse(longest + "/" + longest + "/" + longest).tag())
                .isEqualTo(longest);
        assertThatThrownBy(() -> ResourcePath.parse("a/b/x" + longest)).isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> ResourcePath.parse("a/".repeat(1_000_000))).isInstanceOf(KbsException.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kbs://broker.example:8080/a/b/c", "kbs://[::1]:80/a/b/c", "kbs+resource:///a/b/c"})
    void hostAndDefaultPluginSayNothing(String uri) {
        assertThat(ResourceUri.parse(uri)).hasToString("kbs:///a/b/c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kbs:/a/b/c",
                "http:///a/b/c",
                "kbs+pkcs11:///a/b/c",
                "kbs:///a/b/c#d",
                "kbs://u@h/a/b/c",
                "a/b/c"
            })
    void anotherSchemeOrPluginIsRefused(String uri) {
        assertThatThrownBy(() -> ResourceUri.parse(uri)).isInstanceOf(KbsException.Malformed.class);
    }
}
