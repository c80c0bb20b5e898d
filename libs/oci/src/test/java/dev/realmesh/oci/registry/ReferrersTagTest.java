// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import dev.realmesh.testkit.UpstreamRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// At a registry without the referrers API a tag keeps the list, and whoever pushes what is about an image keeps it
/// true.
class ReferrersTagTest {
    private static final OciDigest IMAGE = OciDigest.of(new byte[] {1});
    private static final String TAG = "/v2/app/manifests/sha256-" + IMAGE.hex();

    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private boolean hasApi;
    private UpstreamRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = new UpstreamRegistry();
        registry.on(TAG, this::manifest);
        client = new RegistryClient(Set.of(registry.host()), InstantSource.system());
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @Test
    void listsWhatWasPushed() throws IOException {
        OciDigest first = push("application/vnd.first");
        OciDigest second = push("application/vnd.second");
        push("application/vnd.second");

        List<ReferrerDescriptor> found = client.referrers(Reference.parse(registry.image("app")), IMAGE);

        assertThat(found.stream().map(each -> each.manifest().digest())).containsExactly(first, second);
        assertThat(found.stream().map(ReferrerDescriptor::artifactType))
                .containsExactly("application/vnd.first", "application/vnd.second");
        assertThat(found.getLast().manifest().annotations()).containsEntry("by", "me");
    }

    @Test
    void isLeftToARegistryThatHasTheApi() throws IOException {
        hasApi = true;

        push("application/vnd.first");

        assertThat(manifests).doesNotContainKey(TAG);
    }

    @Test
    void isNotReplacedWhereItIsNoList() {
        manifests.put(TAG, "{\"schemaVersion\":2,\"manifests\":7}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> push("application/vnd.first")).isInstanceOf(OciException.Malformed.class);

        assertThat(manifests.get(TAG)).asString(StandardCharsets.UTF_8).contains("7");
    }

    @Test
    void anotherManifestIsNotPushedByADigest() {
        byte[] content = {1, 2};
        Descriptor manifest = new Descriptor(MediaTypes.OCI_MANIFEST, OciDigest.of(content), 2, Map.of());
        Reference other = Reference.parse(registry.image("app")).with(new Reference.ByDigest(IMAGE));

        assertThatThrownBy(() -> client.sink(other).putManifest(manifest, content))
                .isInstanceOf(OciException.BadReference.class)
                .hasMessageContaining(manifest.digest().toString());
    }

    private OciDigest push(String artifactType) throws IOException {
        byte[] content = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"artifactType\":\""
                        + artifactType + "\",\"annotations\":{\"by\":\"me\"},\"subject\":{\"mediaType\":\""
                        + MediaTypes.OCI_MANIFEST + "\",\"digest\":\"" + IMAGE + "\",\"size\":1}}")
                .getBytes(StandardCharsets.UTF_8);
        OciDigest digest = OciDigest.of(content);
        registry.on("/v2/app/manifests/" + digest, this::manifest);
        client.sink(Reference.parse(registry.image("app")).with(new Reference.ByDigest(digest)))
                .putManifest(new Descriptor(MediaTypes.OCI_MANIFEST, digest, content.length, Map.of()), content);
        return digest;
    }

    private void manifest(HttpExchange http) throws IOException {
        String path = http.getRequestURI().getPath();
        if (http.getRequestMethod().equals("PUT")) {
            manifests.put(path, http.getRequestBody().readAllBytes());
            if (hasApi) {
                http.getResponseHeaders().set("OCI-Subject", IMAGE.toString());
            }
            UpstreamRegistry.status(201).handle(http);
        } else if (manifests.containsKey(path)) {
            UpstreamRegistry.text(MediaTypes.OCI_INDEX, new String(manifests.get(path), StandardCharsets.UTF_8))
                    .handle(http);
        } else {
            UpstreamRegistry.status(404).handle(http);
        }
    }
}
