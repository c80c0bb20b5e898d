// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is deleted from a repository is gone from it, and from the disk when no repository names it.
class DeletionTest {
    private static final byte[] BLOB = {1, 2, 3};
    private static final OciDigest DIGEST = OciDigest.of(BLOB);
    private static final byte[] MANIFEST = RegistryUnderTest.manifest(DIGEST);

    @TempDir
    Path folder;

    private RegistryUnderTest registry;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        registry = new RegistryUnderTest(folder, new RegistryLimits(1 << 20, 4, 1 << 20));
        registry.push(BLOB, DIGEST);
        registry.putManifest("one", MANIFEST);
        registry.putManifest("two", MANIFEST);
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    @Test
    void tagGoesAlone() throws IOException, InterruptedException {
        assertThat(delete("/v2/x/manifests/one").statusCode()).isEqualTo(202);

        assertThat(registry.get("/v2/x/manifests/one").statusCode()).isEqualTo(404);
        assertThat(registry.get("/v2/x/manifests/two").statusCode()).isEqualTo(200);
        assertThat(delete("/v2/x/manifests/one").statusCode()).isEqualTo(404);
    }

    @Test
    void manifestGoesWithItsTags() throws IOException, InterruptedException {
        assertThat(delete("/v2/x/manifests/" + OciDigest.of(MANIFEST)).statusCode())
                .isEqualTo(202);

        assertThat(registry.get("/v2/x/manifests/one").statusCode()).isEqualTo(404);
        assertThat(registry.get("/v2/x/manifests/" + OciDigest.of(MANIFEST)).statusCode())
                .isEqualTo(404);
        assertThat(registry.get("/v2/x/tags/list").body()).contains("\"tags\":[]");
        assertThat(registry.registry.blobs().find(OciDigest.of(MANIFEST))).isEmpty();
        assertThat(registry.get("/v2/x/blobs/" + DIGEST).statusCode()).isEqualTo(200);
    }

    @Test
    void blobGoesFromTheDiskWithTheLastRepositoryThatHasIt() throws IOException, InterruptedException {
        registry.send(registry.request("/v2/y/blobs/uploads/?mount=" + DIGEST).POST(BodyPublishers.noBody()));

        assertThat(delete("/v2/x/blobs/" + DIGEST).statusCode()).isEqualTo(202);

        assertThat(registry.get("/v2/x/blobs/" + DIGEST).statusCode()).isEqualTo(404);
        assertThat(registry.get("/v2/y/blobs/" + DIGEST).statusCode()).isEqualTo(200);
        assertThat(delete("/v2/y/blobs/" + DIGEST).statusCode()).isEqualTo(202);
        assertThat(registry.registry.blobs().find(DIGEST)).isEmpty();
        assertThat(delete("/v2/y/blobs/" + DIGEST).statusCode()).isEqualTo(404);
    }

    @Test
    void repositoryHasOnlyWhatWasPushedOrMountedToIt() throws IOException, InterruptedException {
        assertThat(registry.get("/v2/other/blobs/" + DIGEST).statusCode()).isEqualTo(404);
        assertThat(registry.get("/v2/other/manifests/" + OciDigest.of(MANIFEST)).statusCode())
                .isEqualTo(404);
        assertThat(delete("/v2/other/blobs/" + DIGEST).statusCode()).isEqualTo(404);
        assertThat(registry.get("/v2/x/blobs/" + DIGEST).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return registry.send(registry.request(path).DELETE());
    }
}
