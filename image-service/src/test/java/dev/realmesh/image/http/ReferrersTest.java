// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is about an image, its signatures for one, is found by the image's digest.
class ReferrersTest {
    private static final byte[] BLOB = {1, 2, 3};
    private static final OciDigest DIGEST = OciDigest.of(BLOB);
    private static final OciDigest IMAGE = OciDigest.of(RegistryUnderTest.manifest(DIGEST));
    private static final String SIGNATURE = "application/vnd.example.signature";

    @TempDir
    Path folder;

    private RegistryUnderTest registry;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        registry = new RegistryUnderTest(folder, new RegistryLimits(1 << 20, 4, 1 << 20));
        registry.push(BLOB, DIGEST);
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    @Test
    void areFoundByTheirSubjectWhetherItIsThereOrNot() throws IOException, InterruptedException {
        HttpResponse<String> put = registry.putManifest("signature", referrer(SIGNATURE));

        assertThat(put.headers().firstValue("OCI-Subject")).contains(IMAGE.toString());
        JsonNode found = referrers("");
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.get(0).path("artifactType").stringValue()).isEqualTo(SIGNATURE);
        assertThat(found.get(0).path("digest").stringValue())
                .isEqualTo(OciDigest.of(referrer(SIGNATURE)).toString());
        assertThat(found.get(0).path("size").intValue()).isEqualTo(referrer(SIGNATURE).length);
        assertThat(found.get(0).path("annotations").path("by").stringValue()).isEqualTo("me");
    }

    @Test
    void areFilteredByTheirType() throws IOException, InterruptedException {
        registry.putManifest("a", referrer(SIGNATURE));
        registry.putManifest("b", referrer("application/vnd.example.bill"));

        HttpResponse<String> filtered = registry.get("/v2/x/referrers/" + IMAGE + "?artifactType=" + SIGNATURE);

        assertThat(filtered.headers().firstValue("OCI-Filters-Applied")).contains("artifactType");
        assertThat(filtered.body()).contains(SIGNATURE).doesNotContain("example.bill");
        assertThat(referrers("").size()).isEqualTo(2);
    }

    @Test
    void withoutATypeHaveTheirConfigs() throws IOException, InterruptedException {
        registry.putManifest("a", referrer(""));

        assertThat(referrers("").get(0).path("artifactType").stringValue()).isEqualTo(MediaTypes.OCI_CONFIG);
    }

    @Test
    void areNoneWhenTheyAreDeleted() throws IOException, InterruptedException {
        registry.putManifest("a", referrer(SIGNATURE));

        registry.send(registry.request("/v2/x/manifests/" + OciDigest.of(referrer(SIGNATURE)))
                .DELETE());

        assertThat(referrers("").size()).isZero();
    }

    @Test
    void ofNoDigestAreRefused() throws IOException, InterruptedException {
        assertThat(registry.get("/v2/x/referrers/latest").statusCode()).isEqualTo(400);
    }

    private JsonNode referrers(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = registry.get("/v2/x/referrers/" + IMAGE + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(MediaTypes.OCI_INDEX);
        return JsonMapper.shared().readTree(answer.body()).required("manifests");
    }

    private static byte[] referrer(String artifactType) {
        String manifest = new String(RegistryUnderTest.manifest(DIGEST), StandardCharsets.UTF_8);
        String type = artifactType.isEmpty() ? "" : ",\"artifactType\":\"" + artifactType + "\"";
        return (manifest.substring(0, manifest.length() - 1) + type + ",\"annotations\":{\"by\":\"me\"},\"subject\":{"
                        + "\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"digest\":\"" + IMAGE
                        + "\",\"size\":10}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
