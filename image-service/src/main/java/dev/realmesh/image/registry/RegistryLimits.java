// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

/// What the registry takes at most.
///
/// @param maxBlobBytes of one blob
/// @param maxUploads under way at once
public record RegistryLimits(long maxBlobBytes, int maxUploads) {
    public RegistryLimits {
        if (maxBlobBytes < 1 || maxUploads < 1) {
            throw new IllegalArgumentException(
                    "registry limits: " + maxBlobBytes + ", " + maxUploads + " (expected: each at least 1)");
        }
    }
}
