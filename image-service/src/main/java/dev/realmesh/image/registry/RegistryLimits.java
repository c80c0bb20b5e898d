// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

/// What the registry takes at most.
///
/// @param maxBlobBytes of one blob
/// @param maxUploads under way at once
/// @param maxPulledBytes of all copies of other registries' blobs; the one that came last may be larger
public record RegistryLimits(long maxBlobBytes, int maxUploads, long maxPulledBytes) {
    public RegistryLimits {
        if (maxBlobBytes < 1 || maxUploads < 1 || maxPulledBytes < 1) {
            throw new IllegalArgumentException("registry limits: " + maxBlobBytes + ", " + maxUploads + ", "
                    + maxPulledBytes + " (expected: each at least 1)");
        }
    }
}
