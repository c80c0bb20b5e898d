// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.host.firmware.hes.PlatformIdentity;
import dev.realmesh.host.firmware.image.FirmwareException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The platform's attestation key and what follows from it.
class PlatformIdentityTest {
    @TempDir
    private Path state;

    @Test
    void staysTheSameFromBootToBoot() {
        PlatformIdentity first = PlatformIdentity.open(state);
        PlatformIdentity second = PlatformIdentity.open(state);
        assertThat(second.instanceId()).isEqualTo(first.instanceId());
        assertThat(second.publicKey()).isEqualTo(first.publicKey());
        assertThat(first.instanceId().size()).isEqualTo(33);
        assertThat(first.instanceId().at(0)).isEqualTo(1);
    }

    @Test
    void differsFromPlatformToPlatform() {
        assertThat(PlatformIdentity.open(state.resolve("a")).instanceId())
                .isNotEqualTo(PlatformIdentity.open(state.resolve("b")).instanceId());
    }

    @Test
    void keepsTheKeyToItsOwner() throws IOException {
        var unused = PlatformIdentity.open(state);
        assertThat(unused.instanceId().isEmpty()).isFalse();
        List<Path> files;
        try (var listed = Files.list(state)) {
            files = listed.toList();
        }
        assertThat(files).containsExactly(state.resolve("cpak.pem"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.getFirst())))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAKeyThatItCannotRead() throws IOException {
        Files.writeString(state.resolve("cpak.pem"), "no key");
        assertThatThrownBy(() -> PlatformIdentity.open(state)).isInstanceOf(FirmwareException.BadState.class);
        assertThat(Files.readString(state.resolve("cpak.pem"))).isEqualTo("no key");
    }
}
