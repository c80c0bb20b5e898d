// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Section `image-service`, from YAML and the environment; a wrong value names its key.
class ImageServiceConfigTest {
    @Test
    void bindsFromYamlAndTheEnvironment() {
        ImageServiceConfig config = bind(
                "image-service: {store: /images, registry-port: 5001, upstream-registries: [quay.io]}",
                Map.of(
                        "REALMESH_IMAGE_SERVICE_REGISTRY_PORT", "0",
                        "REALMESH_IMAGE_SERVICE_MAX_BLOB_BYTES", "4096",
                        "REALMESH_IMAGE_SERVICE_UPSTREAM_REGISTRIES", "docker.io, registry.test:5000",
                        "REALMESH_IMAGE_SERVICE_PLAIN_HTTP_REGISTRIES", "registry.test:5000"));

        assertThat(config.store()).isEqualTo(Path.of("/images"));
        assertThat(config.registryPort()).isZero();
        assertThat(config.maxBlobBytes()).isEqualTo(4096);
        assertThat(config.upstreamRegistries()).containsExactly("docker.io", "registry.test:5000");
        assertThat(config.plainHttpRegistries()).containsExactly("registry.test:5000");
        assertThat(config.maxUploads()).isEqualTo(256);
        assertThat(config.upstreamIdleTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.upstreamAttempts()).isEqualTo(4);
    }

    @Test
    void takesACertificateForTheRegistry() {
        ImageServiceConfig config = bind(
                "image-service: {registry-host: 0.0.0.0, registry-tls: {certificate: /c.pem, key: /k.pem}}",
                Map.of("REALMESH_IMAGE_SERVICE_REGISTRY_TLS_CLIENT_TRUST", "/ca.pem"));

        assertThat(config.registryTls())
                .contains(new EdgeConfig.Tls(Path.of("/c.pem"), Path.of("/k.pem"), Optional.of(Path.of("/ca.pem"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "registry-port: 65536 | registry-port: 65536 (expected: 0-65535)",
                "registry-host: 0.0.0.0 | registry-tls: absent with registry-host 0.0.0.0 (expected: registry-tls off loopback)",
                "registry-port: here | registry-port: here (expected: a whole number)",
                "max-blob-bytes: 0 | max-blob-bytes: 0 (expected: at least 1)",
                "upstream-attempts: 0 | upstream-attempts: 0 (expected: 1-20)",
                "upstream-idle-timeout: 0s | upstream-idle-timeout: 0 (expected: more than 0)",
                "max-pulled-bytes: 0 | max-pulled-bytes: 0 (expected: at least 1)",
                "max-uploads: 0 | max-uploads: 0 (expected: at least 1)",
                "plain-http-registries: [a.test] | plain-http-registries: [a.test] (expected: some of upstream-registries and mirrors)",
                "connect-hosts: ['https://a.test'] | connect-hosts: https://a.test (expected: host, host:port or *.suffix)",
                "stores: x | stores: unknown key (expected: one of "
            })
    void aWrongValueIsOneMessageThatNamesItsKey(String wrong, String message) {
        assertThatThrownBy(() -> bind("image-service: {" + wrong + "}", Map.of()))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.mistakes())
                                .singleElement()
                                .asString()
                                .startsWith("image-service." + message));
    }

    private static ImageServiceConfig bind(String yaml, Map<String, String> environment) {
        return Configuration.parse(yaml, environment).bind("image-service", ImageServiceConfig.class);
    }
}
