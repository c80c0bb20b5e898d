// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import dev.realmesh.testkit.SmallDisk;
import dev.realmesh.testkit.UpstreamRegistry;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A blob of another registry that does not fit on the disk is not given out, nor is a part of it, and the service goes
/// on.
class PullToFullDiskTest {
    @TempDir
    Path folder;

    private SmallDisk disk;
    private UpstreamRegistry upstream;
    private ImageServiceUnderTest service;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Optional<SmallDisk> mounted = SmallDisk.mount(folder.resolve("disk"), 8 << 20);
        assumeTrue(mounted.isPresent(), "not root: nothing can be mounted");
        disk = mounted.get();
        upstream = new UpstreamRegistry();
        service = new ImageServiceUnderTest(
                ImageServiceConfig.local(disk.folder(), ImageServiceUnderTest.asking(upstream.host())),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
            upstream.close();
            disk.close();
        }
    }

    @Test
    void blobIsRefusedUntilThereIsRoom() throws IOException {
        byte[] small = serve(1, 1000);
        byte[] large = serve(2, 2 << 20);
        disk.fillBut(1 << 20);

        assertThat(ImageServiceUnderTest.refusal(Status.Code.RESOURCE_EXHAUSTED, () -> pull(large)))
                .contains("no room", "image-service.store", "max-pulled-bytes");

        assertThat(disk.folder().resolve("pulled/pending")).isEmptyDirectory();
        assertThat(disk.folder().resolve("pulled/blobs/sha256")).isEmptyDirectory();
        assertThat(pull(small)).isEqualTo(ByteString.copyFrom(small));
        disk.empty();
        assertThat(pull(large)).isEqualTo(ByteString.copyFrom(large));
    }

    private byte[] serve(int seed, int size) {
        byte[] blob = new byte[size];
        new Random(seed).nextBytes(blob);
        upstream.on("/v2/app/blobs/" + OciDigest.of(blob), http -> {
            try (http) {
                http.sendResponseHeaders(200, blob.length);
                http.getResponseBody().write(blob);
            }
        });
        return blob;
    }

    private ByteString pull(byte[] blob) {
        GetBlobRequest request = GetBlobRequest.newBuilder()
                .setReference(upstream.image("app:1").toString())
                .setDigest(OciDigest.of(blob).toString())
                .build();
        ByteString all = ByteString.EMPTY;
        var chunks = service.calls().getBlob(request);
        while (chunks.hasNext()) {
            GetBlobResponse chunk = chunks.next();
            all = all.concat(chunk.getChunk());
        }
        return all;
    }
}
