// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.crypt.PemKeys;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.registry.CopyImage;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import dev.realmesh.proto.image.v1.GetManifestRequest;
import dev.realmesh.proto.image.v1.GetManifestResponse;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.testkit.Vectors;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service as a whole: pushed by HTTP, given out by gRPC, from its own registry and from another one.
class ImageServiceTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path folder;

    private ImageService upstream;
    private ImageService service;
    private Server server;
    private ManagedChannel channel;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        upstream = ImageService.open(ImageServiceConfig.local(folder.resolve("upstream")), CLOCK);
        service = ImageService.open(
                ImageServiceConfig.local(folder.resolve("store"), ImageServiceUnderTest.asking(host(upstream))), CLOCK);
        client = new RegistryClient(Set.of(host(upstream), host(service)), CLOCK);
        InProcessServerBuilder builder = InProcessServerBuilder.forName(folder.toString());
        service.busServices().forEach(builder::addService);
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName(folder.toString()).build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        client.close();
        service.close();
        upstream.close();
    }

    @Test
    void givesOutWhatWasPushed() throws IOException {
        Descriptor image = push(service, "team/app:v1", "coco-gzip");

        GetManifestResponse manifest = manifest("team/app:v1");

        assertThat(manifest.getDigest()).isEqualTo(image.digest().toString());
        assertThat(manifest.getMediaType()).isEqualTo(image.mediaType());
        assertGivesAllBlobs("team/app:v1", manifest);
        assertThat(manifest("team/app@" + image.digest()).getManifest()).isEqualTo(manifest.getManifest());
    }

    @Test
    void pushesWhatItEncrypts() throws IOException {
        OciLayout source = OciLayout.open(Vectors.path("coco/images/plain-gzip"));
        Recipient recipient = new Recipient.Jwe(PemKeys.publicKey(Vectors.text("coco/images/keys/ec1-pub.pem")));

        Descriptor image = new EncryptImage(List.of(recipient), new SecureRandom())
                .copy(
                        source,
                        source.image(""),
                        Platform.current(),
                        client.sink(Reference.parse(host(service) + "/app:v1")));

        assertThat(manifest("app:v1").getDigest()).isEqualTo(image.digest().toString());
    }

    @Test
    void pullsThroughFromAnotherRegistry() throws IOException {
        push(upstream, "team/app:v1", "jwe-gzip");
        String reference = host(upstream) + "/team/app:v1";

        GetManifestResponse manifest = manifest(reference);
        assertGivesAllBlobs(reference, manifest);
        upstream.close();
        assertGivesAllBlobs(reference, manifest);

        assertRefuses(Status.Code.UNAVAILABLE, () -> manifest(reference));
        upstream = ImageService.open(ImageServiceConfig.local(folder.resolve("upstream")), CLOCK);
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        push(upstream, "app:v1", "plain-gzip");
        OciDigest unknown = OciDigest.of(new byte[] {42});

        assertRefuses(Status.Code.NOT_FOUND, () -> manifest("app:none"));
        assertRefuses(Status.Code.NOT_FOUND, () -> manifest(host(upstream) + "/app:none"));
        assertRefuses(Status.Code.NOT_FOUND, () -> blob("app", unknown, 0));
        assertRefuses(Status.Code.NOT_FOUND, () -> blob(host(upstream) + "/app:v1", unknown, 0));
        assertRefuses(Status.Code.PERMISSION_DENIED, () -> manifest("registry.example/app"));
        assertRefuses(Status.Code.PERMISSION_DENIED, () -> blob("registry.example/app", unknown, 0));
        assertRefuses(Status.Code.INVALID_ARGUMENT, () -> manifest("../x"));
        assertRefuses(Status.Code.INVALID_ARGUMENT, () -> manifest("x".repeat(513)));
    }

    @Test
    void givesBlobsFromAnOffset() throws IOException {
        OciDigest digest = put("0123456789".getBytes());

        assertThat(blob("x", digest, 4)).asString().isEqualTo("456789");
        assertThat(blob("x", digest, 10)).isEmpty();
        assertRefuses(Status.Code.OUT_OF_RANGE, () -> blob("x", digest, 11));
        assertRefuses(Status.Code.OUT_OF_RANGE, () -> blob("x", digest, -1));
    }

    @Test
    void streamsInChunksAndStopsWhenTheReceiverGoes() throws IOException {
        byte[] large = large();
        OciDigest digest = put(large);

        assertThat(blob("x", digest, 0)).isEqualTo(large);
        Iterator<GetBlobResponse> chunks = stub().getBlob(blobRequest("x", digest, 0));
        assertThat(chunks.next().getChunk().size()).isEqualTo(256 << 10);
        channel.shutdownNow();
        assertThatThrownBy(() -> chunks.forEachRemaining(chunk -> {})).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void tellsReceiversThatItCloses() throws IOException {
        Iterator<GetBlobResponse> chunks = stub().getBlob(blobRequest("x", put(large()), 0));
        chunks.next();

        service.close();

        assertRefuses(Status.Code.UNAVAILABLE, () -> chunks.forEachRemaining(chunk -> {}));
        service = ImageService.open(ImageServiceConfig.local(folder.resolve("store")), CLOCK);
    }

    @Test
    void refusesStoreThatIsInUse() {
        assertThatThrownBy(() -> ImageService.open(ImageServiceConfig.local(folder.resolve("store")), CLOCK))
                .hasMessageContaining("image service: cannot start");
    }

    private static byte[] large() {
        byte[] large = new byte[5 << 20];
        new Random(1).nextBytes(large);
        return large;
    }

    private OciDigest put(byte[] content) throws IOException {
        OciDigest digest = OciDigest.of(content);
        client.sink(Reference.parse(host(service) + "/x:v1"))
                .putBlob(
                        new Descriptor("application/octet-stream", digest, content.length, Map.of()),
                        new ByteArrayInputStream(content));
        return digest;
    }

    private Descriptor push(ImageService target, String name, String vector) throws IOException {
        OciLayout source = OciLayout.open(Vectors.path("coco/images/" + vector));
        CopyImage.copy(source, source.image(""), client.sink(Reference.parse(host(target) + "/" + name)));
        return source.image("");
    }

    private void assertGivesAllBlobs(String reference, GetManifestResponse response) {
        Manifest manifest = Manifest.parse(response.getManifest().toByteArray());
        manifest.config()
                .digest()
                .check("config", blob(reference, manifest.config().digest(), 0));
        for (Descriptor layer : manifest.layers()) {
            layer.digest().check("layer", blob(reference, layer.digest(), 0));
        }
    }

    private GetManifestResponse manifest(String reference) {
        return stub().getManifest(
                        GetManifestRequest.newBuilder().setReference(reference).build());
    }

    private byte[] blob(String reference, OciDigest digest, long offset) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        stub().getBlob(blobRequest(reference, digest, offset))
                .forEachRemaining(
                        response -> content.writeBytes(response.getChunk().toByteArray()));
        return content.toByteArray();
    }

    private static GetBlobRequest blobRequest(String reference, OciDigest digest, long offset) {
        return GetBlobRequest.newBuilder()
                .setReference(reference)
                .setDigest(digest.toString())
                .setOffset(offset)
                .build();
    }

    private ImageServiceGrpc.ImageServiceBlockingStub stub() {
        return ImageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static void assertRefuses(Status.Code code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(code));
    }

    private static String host(ImageService service) {
        return "127.0.0.1:" + service.registryPort();
    }
}
