// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.host.launch.BootSource;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A guest image with one other bit, and the endorsements of the genuine one.
@Timeout(180)
class ChangedGuestImageTest {
    @TempDir
    private Path folder;

    /// The initrd's end is padding behind the archive's trailer: the guest comes up, and only its measurement tells.
    /// Its
    /// middle is a part of the guest, which may come up or not. The kernel's end is the boot manifest, which nobody can
    /// read any more.
    @ParameterizedTest
    @CsvSource({
        "initrd, 1.0, CCA_REALM: warning, no reference values for the initial measurement (RIM)",
        "initrd, 0.5, ''",
        "kernel, 1.0, kernel"
    })
    void realmGetsNoKey(String file, double where, String says) throws Exception {
        Path changed = copy(MeshFixture.guestImage());
        flipBit(changed.resolve(file), where);
        try (MeshFixture<MeshOfParts> mesh = MeshFixture.start(folder, changed, MeshOfParts::new)) {
            mesh.run().failed(says);
            assertThat(mesh.results())
                    .extracting(AttestationResult::getStatus)
                    .doesNotContain(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
            mesh.assertNothingIsLeft();
        }
    }

    /// Firmware starts what it is given, and its measurement alone tells: the RIM is the endorsed one, REM\[0] is not.
    @Test
    void firmwareStartsAnotherInitrdAndTheRealmGetsNoKey() throws Exception {
        Path changed = copy(MeshFixture.guestImage());
        flipBit(changed.resolve("initrd"), 1);
        List<BootSource> guests = List.of(BootSource.parse(changed + "@qemu-firmware"));
        try (MeshFixture<MeshOfParts> mesh =
                MeshFixture.start(folder, guests, Duration.ofSeconds(60), MeshOfParts::new)) {
            mesh.run().failed("CCA_REALM: warning, an extensible measurement (REM) is not the endorsed one");
            assertThat(mesh.results())
                    .extracting(AttestationResult::getStatus)
                    .doesNotContain(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
            mesh.assertNothingIsLeft();
        }
    }

    private Path copy(Path guest) throws IOException {
        Path changed = folder.resolve("guest");
        try (Stream<Path> files = Files.walk(guest)) {
            for (Path file : files.toList()) {
                Files.copy(file, changed.resolve(guest.relativize(file).toString()));
            }
        }
        return changed;
    }

    private static void flipBit(Path file, double where) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long position = Math.round((bytes.length() - 1) * where);
            bytes.seek(position);
            int old = bytes.read();
            bytes.seek(position);
            bytes.write(old ^ 1);
        }
    }
}
