// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.testkit.SmallDisk;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A push that does not fit on the registry's disk is refused, and the registry goes on.
class PushToFullDiskTest {
    private static final byte[] SMALL = blob(1, 10);
    private static final byte[] LARGE = blob(2, 2 << 20);

    @TempDir
    Path folder;

    private SmallDisk disk;
    private RegistryUnderTest registry;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Optional<SmallDisk> mounted = SmallDisk.mount(folder.resolve("disk"), 8 << 20);
        assumeTrue(mounted.isPresent(), "not root: nothing can be mounted");
        disk = mounted.get();
        registry = new RegistryUnderTest(disk.folder(), new RegistryLimits(4 << 20, 4, 1 << 20));
        registry.push(SMALL, OciDigest.of(SMALL));
        registry.putManifest("1", RegistryUnderTest.manifest(OciDigest.of(SMALL)));
    }

    @AfterEach
    void stop() throws IOException {
        if (registry != null) {
            registry.close();
            disk.close();
        }
    }

    @Test
    void wholeBlobIsRefusedUntilThereIsRoom() throws IOException, InterruptedException {
        disk.fillBut(1 << 20);

        assertNoRoom(registry.push(LARGE, OciDigest.of(LARGE)));

        assertThat(registry.get("/v2/x/blobs/" + OciDigest.of(LARGE)).statusCode())
                .isEqualTo(404);
        assertThat(registry.push(blob(3, 1000), OciDigest.of(blob(3, 1000))).statusCode())
                .isEqualTo(201);
        disk.empty();
        assertThat(registry.push(LARGE, OciDigest.of(LARGE)).statusCode()).isEqualTo(201);
        assertThat(registry.registry.blobs().find(OciDigest.of(LARGE)))
                .hasValueSatisfying(file -> assertThat(file).hasBinaryContent(LARGE));
    }

    /// What a failed write leaves in the middle of an upload must not become a part of the blob.
    @Test
    void uploadThatFoundNoRoomIsNotGoneOnWith() throws IOException, InterruptedException {
        String upload = registry.begin();
        disk.fillBut(1 << 20);

        assertNoRoom(registry.send(registry.request(upload).method("PATCH", BodyPublishers.ofByteArray(LARGE))));

        disk.empty();
        assertThat(registry.get(upload).statusCode()).isEqualTo(404);
    }

    @Test
    void manifestIsRefusedAndTheTagStaysWhatItWas() throws IOException, InterruptedException {
        String before = registry.get("/v2/x/manifests/1").body();
        byte[] other = (new String(RegistryUnderTest.manifest(OciDigest.of(SMALL))) + " ").getBytes();
        disk.fillBut(0);

        assertNoRoom(registry.putManifest("1", other));

        assertThat(registry.get("/v2/x/manifests/1").body()).isEqualTo(before);
        disk.empty();
        assertThat(registry.putManifest("1", other).statusCode()).isEqualTo(201);
        assertThat(registry.get("/v2/x/manifests/1").body()).isEqualTo(new String(other));
    }

    private void assertNoRoom(HttpResponse<String> answer) throws IOException, InterruptedException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
        assertThat(answer.body()).contains("no room", "image-service.store");
        assertThat(disk.folder().resolve("pending")).isEmptyDirectory();
        assertThat(registry.get("/v2/x/blobs/" + OciDigest.of(SMALL)).statusCode())
                .isEqualTo(200);
    }

    private static byte[] blob(int seed, int size) {
        byte[] blob = new byte[size];
        new Random(seed).nextBytes(blob);
        return blob;
    }
}
