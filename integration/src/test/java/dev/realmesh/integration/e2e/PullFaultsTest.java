// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.testkit.SmallDisk;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens in the middle of a pull from another registry: the run ends in one clear line, image-service keeps
/// nothing that is not whole, and the next Realm gets the image.
@Timeout(180)
class PullFaultsTest {
    private static final int REALMS = 3;
    private static final int CALLERS = 10;

    @TempDir
    private static Path folder;

    private static Optional<SmallDisk> disk = Optional.empty();
    private static StallingRegistry upstream;
    private static MeshFixture<MeshOfParts> mesh;
    private static String layer;

    @BeforeAll
    static void start() throws Exception {
        Path locked = folder.resolve("locked");
        upstream = new StallingRegistry(locked);
        disk = SmallDisk.mount(Files.createDirectory(folder.resolve("state")).resolve("image-service"), 16 << 20);
        mesh = MeshFixture.start(
                folder,
                MeshFixture.guestImage(),
                config -> new MeshOfParts(MeshOfParts.hasty(upstream.behind(config))));
        upstream.encrypt(mesh, folder.resolve("plain"));
        OciLayout layout = OciLayout.open(locked);
        layer = Manifest.parse(layout.read(layout.image("1"), Manifest.MAX_BYTES))
                .layers()
                .getFirst()
                .digest()
                .toString();
    }

    @AfterAll
    static void stop() {
        if (mesh != null) {
            mesh.close();
        }
        upstream.close();
        disk.ifPresent(SmallDisk::close);
    }

    @BeforeEach
    void pullAnew() throws IOException {
        for (Path copy : MeshFixture.files(pulled())) {
            Files.delete(copy);
        }
        upstream.forget();
        mesh.mesh.ends();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        mesh.assertNothingIsLeft();
        assertThat(pulled().resolve("pending")).isEmptyDirectory();
    }

    @Test
    void realmThatIsKilledLeavesNothingHalf() throws Exception {
        StallingRegistry.Stall stall = upstream.stall(layer);
        CompletableFuture<Outcome> run = run();
        stall.await();

        FaultsTest.killGuests();

        run.join().failed("Realm ended");
        assertThat(mesh.mesh.ends()).extracting(Status::getCode).containsExactly(Code.ABORTED);
        assertThat(copy()).doesNotExist();
        stall.goOn();
        assertThat(run().join().out()).contains(GREETING);
        assertThat(upstream.downloads()).containsEntry(layer, 1);
        assertThat(copy()).hasSameBinaryContentAs(file());
    }

    @Test
    void imageServiceThatEndsLeavesNothingHalf() throws Exception {
        StallingRegistry.Stall stall = upstream.stall(layer);
        CompletableFuture<Outcome> run = run();
        stall.await();

        mesh.mesh.endImageService();

        run.join().failed("image-service", "is that service up? then try again");
        assertThat(mesh.mesh.ends()).extracting(Status::getCode).containsExactly(Code.UNAVAILABLE);
        mesh.mesh.startImageService();
        assertThat(pulled().resolve("pending")).isEmptyDirectory();
        assertThat(copy()).doesNotExist();
        stall.goOn();
        assertThat(run().join().out()).contains(GREETING);
        assertThat(copy()).hasSameBinaryContentAs(file());
    }

    @Test
    void registryThatBreaksOffIsAskedAgain() throws Exception {
        StallingRegistry.Stall stall = upstream.stall(layer);
        CompletableFuture<Outcome> run = run();
        stall.await();

        stall.breakOff();

        assertThat(run.join().out()).contains(GREETING);
        assertThat(upstream.downloads()).containsEntry(layer, 2);
        assertThat(copy()).hasSameBinaryContentAs(file());
    }

    @Test
    void fullDiskIsSaidAndOtherImagesStillRun() throws IOException {
        assumeTrue(disk.isPresent(), "not root: nothing can be mounted");
        disk.get().fillBut(Files.size(file()) / 2);

        run().join().failed("image-service", "no room left", "max-pulled-bytes");

        assertThat(mesh.mesh.ends()).extracting(Status::getCode).containsExactly(Code.RESOURCE_EXHAUSTED);
        assertThat(copy()).doesNotExist();
        assertThat(mesh.run().out()).contains(GREETING);
        disk.get().empty();
        assertThat(run().join().out()).contains(GREETING);
    }

    @Test
    void manyWhoPullTheImageFetchItOnce() throws Exception {
        StallingRegistry.Stall stall = upstream.stall(layer);
        List<CompletableFuture<Outcome>> realms =
                IntStream.range(0, REALMS).mapToObj(realm -> run()).toList();
        List<CompletableFuture<Long>> callers =
                IntStream.range(0, CALLERS).mapToObj(caller -> pull()).toList();
        stall.await();

        stall.goOn();

        assertThat(realms).allSatisfy(run -> assertThat(run.join().out()).contains(GREETING));
        assertThat(callers).allSatisfy(pull -> assertThat(pull.join()).isEqualTo(Files.size(file())));
        assertThat(upstream.downloads()).hasSize(2).containsKey(layer);
        assertThat(upstream.downloads().values()).containsOnly(1);
    }

    private static CompletableFuture<Outcome> run() {
        return CompletableFuture.supplyAsync(() -> mesh.realmesh("run", upstream.image()), Thread::startVirtualThread);
    }

    /// Pulls the layer over the bus.
    ///
    /// @return how many bytes came
    private static CompletableFuture<Long> pull() {
        GetBlobRequest request = GetBlobRequest.newBuilder()
                .setReference(upstream.image())
                .setDigest(layer)
                .build();
        return CompletableFuture.supplyAsync(
                () -> {
                    AtomicLong bytes = new AtomicLong();
                    ImageServiceGrpc.newBlockingStub(mesh.mesh.channel("image-service"))
                            .getBlob(request)
                            .forEachRemaining(
                                    chunk -> bytes.addAndGet(chunk.getChunk().size()));
                    return bytes.get();
                },
                Thread::startVirtualThread);
    }

    /// What image-service keeps of other registries.
    private static Path pulled() {
        return mesh.config.images().store().resolve("pulled");
    }

    private static Path copy() {
        return pulled().resolve("blobs").resolve(layer.replace(':', '/'));
    }

    /// The layer as the other registry has it.
    private static Path file() {
        return folder.resolve("locked/blobs").resolve(layer.replace(':', '/'));
    }
}
