// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import io.grpc.StatusRuntimeException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A guest image with one other byte, and the endorsements of the genuine one.
class ChangedGuestImageTest {
    @TempDir
    private Path folder;

    @Test
    void realmGetsNoKey() throws Exception {
        Path changed = Files.createDirectory(folder.resolve("guest"));
        try (Stream<Path> files = Files.list(MeshFixture.guestImage())) {
            for (Path file : files.toList()) {
                Files.copy(file, changed.resolve(file.getFileName()));
            }
        }
        try (RandomAccessFile initrd =
                new RandomAccessFile(changed.resolve("initrd").toFile(), "rw")) {
            long last = lastContentByte(initrd);
            initrd.seek(last);
            int old = initrd.read();
            initrd.seek(last);
            initrd.write(old ^ 1);
        }
        try (MeshFixture mesh = MeshFixture.start(folder.resolve("state"), changed, folder.resolve("plain"))) {
            assertThatThrownBy(() -> mesh.run()).isInstanceOf(StatusRuntimeException.class);
            List<AttestationResult> results = mesh.results();
            assertThat(results)
                    .extracting(AttestationResult::getStatus)
                    .doesNotContain(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
            assertThat(mesh.realms()).isZero();
        }
    }

    /// The padding behind the archive's trailer: the image still unpacks, and only its measurement tells.
    private static long lastContentByte(RandomAccessFile initrd) throws java.io.IOException {
        return initrd.length() - 1;
    }
}
