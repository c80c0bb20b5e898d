// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.mesh.config.Default;
import java.nio.file.Path;
import java.util.List;

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
public record ImageServiceConfig(
        @Default("data/images") Path store,
        @Default("127.0.0.1") String registryHost,
        @Default("5000") int registryPort,
        @Default("17179869184") long maxBlobBytes,
        @Default("256") int maxUploads,

        @Default("docker.io,quay.io,ghcr.io,registry.k8s.io")
        List<String> upstreamRegistries,

        @Default("") List<String> plainHttpRegistries) {
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
        if (maxBlobBytes < 1) {
            throw new IllegalArgumentException("max-blob-bytes: " + maxBlobBytes + " (expected: at least 1)");
        }
        if (maxUploads < 1) {
            throw new IllegalArgumentException("max-uploads: " + maxUploads + " (expected: at least 1)");
        }
    }

    /// On loopback, any free port, no other registry.
    public static ImageServiceConfig local(Path store) {
        return new ImageServiceConfig(store, "127.0.0.1", 0, 16L << 30, 256, List.of(), List.of());
    }

    RegistryLimits limits() {
        return new RegistryLimits(maxBlobBytes, maxUploads);
    }
}
