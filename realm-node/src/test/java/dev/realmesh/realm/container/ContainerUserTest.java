// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The `User` of an image configuration, against the image's own /etc/passwd and /etc/group.
class ContainerUserTest {
    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void image() throws IOException {
        root = folder.resolve("rootfs");
        Path etc = Files.createDirectories(root.resolve("etc"));
        Files.writeString(
                etc.resolve("passwd"),
                "root:x:0:0:root:/root:/bin/sh\nweb:x:101:102:Web:/srv/web:/sbin/nologin\nbroken line\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\nweb:x:102:\nlogs:x:200:web,other\ntape:x:201:other\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, 0, /root, true",
        "root, 0, 0, /root, true",
        "web, 101, 102, /srv/web, false",
        "101, 101, 102, /srv/web, false",
        "web:logs, 101, 200, /srv/web, false",
        "web:7, 101, 7, /srv/web, false",
        "1000:1000, 1000, 1000, /, false",
        "1000, 1000, 0, /, false",
        "0:logs, 0, 200, /root, true",
    })
    void resolvesNamesAndNumbers(String user, int uid, int gid, String home, boolean privileged) throws IOException {
        ContainerUser resolved = ContainerUsers.of(root, ids("0 0 65536")).resolve(user);

        assertThat(resolved.uid()).isEqualTo(uid);
        assertThat(resolved.gid()).isEqualTo(gid);
        assertThat(resolved.home()).isEqualTo(home);
        assertThat(resolved.privileged()).isEqualTo(privileged);
        assertThat(resolved.substituted()).isFalse();
    }

    @Test
    void addsGroupsThatListTheUserUnlessOneIsNamed() throws IOException {
        assertThat(ContainerUsers.of(root, ids("0 0 65536")).resolve("web").additionalGids())
                .containsExactly(200);
        assertThat(ContainerUsers.of(root, ids("0 0 65536")).resolve("web:web").additionalGids())
                .isEmpty();
    }

    @Test
    void runsAsTheOnlyIdWithoutCapabilitiesWhereTheUserDoesNotExist() throws IOException {
        assertThat(ContainerUsers.of(root, ids("0 1000 1")).resolve("web"))
                .isEqualTo(new ContainerUser(0, 0, List.of(), "/srv/web", false, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "web:nogroup", "99999999999", "-1", "4294967295"})
    void refusesWhatTheImageDoesNotKnow(String user) throws IOException {
        IdMap ids = ids("0 0 65536");

        assertThatThrownBy(() -> ContainerUsers.of(root, ids).resolve(user))
                .isInstanceOf(ContainerException.NotRunnable.class);
    }

    @Test
    void readsNoAccountFileOutsideTheImage() throws IOException {
        Path outside = Files.writeString(folder.resolve("passwd"), "web:x:0:0::/:/bin/sh\n");
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), outside);
        IdMap ids = ids("0 0 65536");

        assertThatThrownBy(() -> ContainerUsers.of(root, ids).resolve("web"))
                .isInstanceOf(ContainerException.NotRunnable.class);
    }

    private IdMap ids(String line) throws IOException {
        Files.writeString(folder.resolve("uid_map"), "         " + line + "\n");
        Files.writeString(folder.resolve("gid_map"), line + "\n");
        return IdMap.ofProcess(folder);
    }
}
