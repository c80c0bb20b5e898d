// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import dev.realmesh.image.client.Backoff;
import dev.realmesh.image.client.ClientOptions;
import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.mesh.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Settings of the image service; section `image-service`.
///
/// @param store folder that holds the images; `store`, default data/images
/// @param registryHost address that the OCI distribution API listens on; `registry-host`, default 127.0.0.1
/// @param registryPort its port, 0 for any free one; `registry-port`, default 5000
/// @param maxBlobBytes largest blob, in bytes; `max-blob-bytes`, default 17 179 869 184 (16 GiB)
/// @param maxUploads pushes of blobs at once; `max-uploads`, default 256
/// @param upstreamRegistries registries whose images are given out too, as references name them;
///     `upstream-registries`, default docker.io, quay.io, ghcr.io and registry.k8s.io
/// @param plainHttpRegistries those of them that have no TLS, for tests and local networks; `plain-http-registries`,
///     default none
/// @param upstreamIdleTimeout how long one of them may send nothing in the middle of an answer;
/// `upstream-idle-timeout`,
///     default 30s
/// @param upstreamAttempts how often they are asked at most, where a failure may pass; `upstream-attempts`, default 4
public record ImageServiceConfig(
        @Default("data/images") Path store,
        @Default("127.0.0.1") String registryHost,
        @Default("5000") int registryPort,
        @Default("17179869184") long maxBlobBytes,
        @Default("256") int maxUploads,

        @Default("docker.io,quay.io,ghcr.io,registry.k8s.io")
        List<String> upstreamRegistries,

        @Default("") List<String> plainHttpRegistries,
        @Default("30s") Duration upstreamIdleTimeout,
        @Default("4") int upstreamAttempts) {
    private static final int MAX_ATTEMPTS = 20;

    public ImageServiceConfig {
        upstreamRegistries = List.copyOf(upstreamRegistries);
        plainHttpRegistries = List.copyOf(plainHttpRegistries);
        if (registryPort < 0 || registryPort > 65_535) {
            throw new IllegalArgumentException("registry-port: " + registryPort + " (expected: 0-65535)");
        }
        if (!upstreamRegistries.containsAll(plainHttpRegistries)) {
            throw new IllegalArgumentException(
                    "plain-http-registries: " + plainHttpRegistries + " (expected: some of upstream-registries)");
        }
        if (!upstreamIdleTimeout.isPositive()) {
            throw new IllegalArgumentException("upstream-idle-timeout: 0 (expected: more than 0)");
        }
        if (upstreamAttempts < 1 || upstreamAttempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "upstream-attempts: " + upstreamAttempts + " (expected: 1-" + MAX_ATTEMPTS + ")");
        }
        if (maxBlobBytes < 1) {
            throw new IllegalArgumentException("max-blob-bytes: " + maxBlobBytes + " (expected: at least 1)");
        }
        if (maxUploads < 1) {
            throw new IllegalArgumentException("max-uploads: " + maxUploads + " (expected: at least 1)");
        }
    }

    /// On loopback, any free port, no other registry.
    public static ImageServiceConfig local(Path store) {
        return new ImageServiceConfig(
                store,
                "127.0.0.1",
                0,
                16L << 30,
                256,
                List.of(),
                List.of(),
                ClientOptions.IDLE_TIMEOUT,
                ClientOptions.ATTEMPTS);
    }

    /// The same with other registries.
    ///
    /// @param registries that may be asked
    /// @param plainHttp those of them without TLS
    /// @param attempts how often
    public ImageServiceConfig withUpstream(List<String> registries, List<String> plainHttp, int attempts) {
        return new ImageServiceConfig(
                store,
                registryHost,
                registryPort,
                maxBlobBytes,
                maxUploads,
                registries,
                plainHttp,
                upstreamIdleTimeout,
                attempts);
    }

    ClientOptions clientOptions() {
        return ClientOptions.of(Set.copyOf(plainHttpRegistries))
                .withTimeouts(ClientOptions.ANSWER_TIMEOUT, upstreamIdleTimeout)
                .withBackoff(Backoff.of(upstreamAttempts));
    }

    RegistryLimits limits() {
        return new RegistryLimits(maxBlobBytes, maxUploads);
    }
}
