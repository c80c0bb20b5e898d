// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The files of a Realm are in its memory, and half of that is theirs: what is more fails in the Realm, in one clear
/// line, and harms nothing else. In Realms that have little more than their initrd needs.
@Timeout(240)
class RealmMemoryTest {
    private static final String LARGE = "large:1";
    private static final RealmShape SMALL = new RealmShape(288, 1);
    private static final String NO_ROOM = "no room left in the Realm, whose memory has 144 MiB for files";

    @TempDir
    private static Path folder;

    private static MeshFixture<MeshOfParts> mesh;

    @BeforeAll
    static void start() throws Exception {
        Path guest = MeshFixture.guestImage();
        Path endorsements = Files.createDirectory(folder.resolve("endorsements"));
        Files.write(endorsements.resolve("small.corim"), corim(guest));
        mesh = MeshFixture.start(folder, guest, config -> new MeshOfParts(endorsed(config, endorsements)));
        SampleWithLayer.write(
                folder.resolve("plain"), SampleWithLayer.tar("large", new byte[160 << 20]), folder.resolve("large"));
        mesh.encrypt("oci:" + folder.resolve("large"), MeshFixture.KEY_PATH, MeshFixture.KEY, LARGE);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @BeforeEach
    void forgetEnds() {
        mesh.mesh.ends();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        mesh.assertNothingIsLeft();
    }

    @Test
    void imageThatDoesNotFitRunsInALargerRealm() {
        mesh.realmesh("run", "--memory", "288", LARGE).failed("layers of " + LARGE, NO_ROOM, "--memory");
        assertThat(mesh.mesh.ends()).extracting(Status::getCode).containsExactly(Code.RESOURCE_EXHAUSTED);

        assertThat(mesh.realmesh("run", "--memory", "512", LARGE).succeeded()).contains(GREETING);
    }

    @Test
    void imageThatDoesNotFitLeavesTheRealmAsItWas() throws IOException {
        String realm = smallRealm();

        mesh.realmesh("run", "--realm", realm, LARGE).failed("layers of " + LARGE, NO_ROOM, "--memory");

        assertThat(mesh.mesh.ends()).last().extracting(Status::getCode).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(GuestFiles.containers()).hasSize(1);
        assertThat(mesh.realmesh("run", "--realm", realm, IMAGE).succeeded()).contains(GREETING);
        mesh.realmesh("realm", "remove", realm).succeeded();
    }

    @Test
    void containerThatFillsItsRootIsToldSo() throws IOException {
        String realm = smallRealm();
        String fill = "cat /dev/zero >/tmp/file; echo $?; busybox stat -c %s /tmp/file";

        Outcome filler = mesh.realmesh("run", "--realm", realm, "--name", "filler", IMAGE, "--", "sh", "-c", fill);

        assertThat(filler.err()).contains("No space left on device");
        assertThat(filler.succeeded().lines())
                .satisfiesExactly(
                        code -> assertThat(code).isEqualTo("1"),
                        size -> assertThat(Long.parseLong(size)).isBetween(100L << 20, 144L << 20));
        mesh.realmesh("run", "--realm", realm, IMAGE).failed(NO_ROOM);
        mesh.realmesh("realm", "remove", realm, "filler").succeeded();
        assertThat(mesh.realmesh("run", "--realm", realm, IMAGE).succeeded()).contains(GREETING);
        mesh.realmesh("realm", "remove", realm).succeeded();
    }

    private static String smallRealm() {
        return mesh.realmesh("run", "-d", "--memory", "288", IMAGE, "--", "sleep", "1000")
                .succeeded()
                .strip();
    }

    /// What `realmesh measure` and `realmesh corim make` make of the small Realm.
    private static byte[] corim(Path guest) {
        BootSource source = new BootSource(guest, BootMethod.DEFAULT);
        Bytes rim =
                Bytes.copyOf(OfflineMeasurement.of(source.plan(SMALL).plan()).toByteArray());
        return Corim.of("small", CorimProfile.REALM, List.of(RealmReference.ofRim(rim)))
                .encode()
                .toByteArray();
    }

    private static EmbeddedMeshConfig endorsed(EmbeddedMeshConfig config, Path endorsements) {
        return new EmbeddedMeshConfig(
                config.stateFolder(),
                config.mesh(),
                config.edge(),
                config.host(),
                config.attestation().withEndorsements(List.of(endorsements)),
                config.keyBroker(),
                config.images());
    }
}
