// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.image.ImageService;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// image-service ends while a Realm pulls a layer: another instance goes on where it was, or the run ends in one clear
/// line, the Realm keeps nothing that is not whole, and its next pull works.
@Timeout(180)
class ImageServiceEndsTest {
    private static final String LARGE = "large:1";
    private static final int LAYER_BYTES = 16 << 20;

    @TempDir
    private static Path folder;

    private static MeshFixture<MeshOfParts> mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(
                folder, MeshFixture.guestImage(), config -> new MeshOfParts(MeshOfParts.hasty(config)));
        byte[] content = new byte[LAYER_BYTES];
        new Random(1).nextBytes(content);
        SampleWithLayer.write(folder.resolve("plain"), SampleWithLayer.tar("large", content), folder.resolve("large"));
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
    void anotherInstanceGoesOnWhereItWas() throws Exception {
        try (HeldBlobs.Hold hold = mesh.mesh.blobs.hold()) {
            CompletableFuture<Outcome> run = started("run", LARGE);
            hold.await();
            mesh.mesh.bringBack(ImageService.BUS_NAME);

            mesh.mesh.takeAway(ImageService.BUS_NAME);

            assertThat(run.join().succeeded()).contains(GREETING);
        }
        assertThat(mesh.mesh.blobs.asked())
                .last()
                .extracting(GetBlobRequest::getOffset)
                .satisfies(offset -> assertThat(offset).isBetween(1L, (long) LAYER_BYTES));
    }

    @Test
    void realmThatNobodyGivesTheRestIsToldSoAndPullsLater() throws Exception {
        String realm = mesh.realmesh("run", "-d", IMAGE, "--", "sleep", "1000")
                .succeeded()
                .strip();
        try (HeldBlobs.Hold hold = mesh.mesh.blobs.hold()) {
            CompletableFuture<Outcome> run = started("run", "--realm", realm, LARGE);
            hold.await();

            mesh.mesh.endImageService();

            run.join().failed("layers of " + LARGE, "image-service", "is that service up? then try again");
        }
        assertThat(mesh.mesh.ends()).last().extracting(Status::getCode).isEqualTo(Code.UNAVAILABLE);
        assertThat(GuestFiles.containers()).hasSize(1);
        assertThat(mesh.realmesh("realm", "ps", realm).out().lines()).hasSize(1);

        mesh.mesh.startImageService();

        assertThat(mesh.realmesh("run", "--rm", "--realm", realm, LARGE).succeeded())
                .contains(GREETING);
        mesh.realmesh("realm", "remove", realm).succeeded();
    }

    private static CompletableFuture<Outcome> started(String... arguments) {
        return CompletableFuture.supplyAsync(() -> mesh.realmesh(arguments), Thread::startVirtualThread);
    }
}
