// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Manifests and indexes as untrusted JSON.
class ManifestTest {
    private static final String DIGEST = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String CONFIG =
            "{\"mediaType\":\"" + MediaTypes.OCI_CONFIG + "\",\"digest\":\"" + DIGEST + "\",\"size\":1}";

    @Test
    void readsDockerSchema2() {
        Manifest manifest = manifest(
                "\"mediaType\":\"" + MediaTypes.DOCKER_MANIFEST + "\",\"layers\":[]," + "\"config\":" + CONFIG);

        assertThat(manifest.mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
        assertThat(manifest.config().digest()).hasToString(DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"layers\":[]",
                "\"layers\":{},\"config\":" + CONFIG,
                "\"layers\":[7],\"config\":" + CONFIG,
                "\"config\":{\"mediaType\":\"x\",\"digest\":\"" + DIGEST + "\",\"size\":-1}",
                "\"config\":{\"mediaType\":\"x\",\"digest\":\"" + DIGEST + "\",\"size\":1.5}",
                "\"config\":{\"mediaType\":\"x\",\"digest\":\"" + DIGEST + "\",\"size\":1e300}",
                "\"config\":{\"mediaType\":\"x\",\"digest\":\"sha256:../../etc\",\"size\":1}",
                "\"config\":" + CONFIG + ",\"config\":" + CONFIG,
                "\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"config\":" + CONFIG,
            })
    void refusesWhatIsNoManifest(String members) {
        assertThatThrownBy(() -> manifest(members)).isInstanceOf(OciException.class);
    }

    @Test
    void refusesDepthSizeAndTrailingBytes() {
        String deep = "[".repeat(1000) + "]".repeat(1000);
        assertThatThrownBy(() -> manifest("\"x\":" + deep)).isInstanceOf(OciException.Malformed.class);
        assertThatThrownBy(() -> Manifest.parse(new byte[Manifest.MAX_BYTES + 1]))
                .isInstanceOf(OciException.LimitExceeded.class);
        assertThatThrownBy(() -> Manifest.parse("{\"schemaVersion\":2} x".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(OciException.Malformed.class);
    }

    @Test
    void choosesThePlatform() {
        Index index = Index.parse(("{\"schemaVersion\":2,\"manifests\":[" + entry("b", "linux", "amd64", "") + ","
                        + entry("c", "linux", "arm64", "v8") + "]}")
                .getBytes(StandardCharsets.UTF_8));

        assertThat(index.choose(new Platform("linux", "arm64", "v8")).digest().hex())
                .startsWith("c");
        assertThat(index.choose(new Platform("linux", "arm64", "")).digest().hex())
                .startsWith("c");
        assertThat(index.choose(new Platform("linux", "amd64", "")).digest().hex())
                .startsWith("b");
        assertThatThrownBy(() -> index.choose(new Platform("linux", "riscv64", "")))
                .isInstanceOf(OciException.Unsupported.class);
    }

    private static String entry(String hex, String os, String architecture, String variant) {
        return "{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"size\":1,\"digest\":\"sha256:" + hex.repeat(64)
                + "\",\"platform\":{\"os\":\"" + os + "\",\"architecture\":\"" + architecture + "\",\"variant\":\""
                + variant + "\"}}";
    }

    private static Manifest manifest(String members) {
        return Manifest.parse(("{\"schemaVersion\":2," + members + "}").getBytes(StandardCharsets.UTF_8));
    }
}
