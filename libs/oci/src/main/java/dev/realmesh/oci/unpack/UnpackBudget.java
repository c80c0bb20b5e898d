// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;

/// What an image has taken so far of its [UnpackLimits].
final class UnpackBudget {
    private final UnpackLimits limits;
    private long archiveBytes;
    private long fileBytes;
    private int entries;
    private long attributeBytes;
    private int skippedNodes;
    private int skippedAttributes;
    private int foreignOwners;

    UnpackBudget(UnpackLimits limits) {
        this.limits = limits;
    }

    UnpackLimits limits() {
        return limits;
    }

    void takeArchiveBytes(long bytes) {
        archiveBytes += bytes;
        if (archiveBytes > limits.maxBytes()) {
            throw new OciException.LimitExceeded("uncompressed bytes of the layers", limits.maxBytes());
        }
    }

    /// Sparse entries write more than the archive holds.
    void takeFileBytes(long bytes) {
        fileBytes += bytes;
        if (fileBytes > limits.maxBytes()) {
            throw new OciException.LimitExceeded("bytes of the layers' files", limits.maxBytes());
        }
    }

    void takeEntry() {
        entries++;
        if (entries > limits.maxEntries()) {
            throw new OciException.LimitExceeded("entries of the layers", limits.maxEntries());
        }
    }

    void takeAttributeBytes(int bytes) {
        attributeBytes += bytes;
        if (attributeBytes > limits.maxAttributeBytes()) {
            throw new OciException.LimitExceeded(
                    "bytes of the layers' extended attributes", limits.maxAttributeBytes());
        }
    }

    void countSkippedAttribute() {
        skippedAttributes++;
    }

    void countSkippedNode() {
        skippedNodes++;
    }

    void countForeignOwner() {
        foreignOwners++;
    }

    UnpackReport report() {
        return new UnpackReport(entries, fileBytes, skippedNodes, skippedAttributes, foreignOwners);
    }
}
