// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.nio.file.Path;

/// What an image has taken so far of its [UnpackLimits].
final class UnpackBudget {
    /// Layers of the field have no holes: their tools write zeros.
    private static final long MAX_HOLE_BYTES = 16 << 20;

    /// Half of the heap; the other is for what is on its way, and for taking away again what was refused.
    private static final long MAX_HELD_BYTES = Runtime.getRuntime().maxMemory() / 2;

    /// What a name costs beside its characters: a path and its place in a set.
    private static final int NAME_BYTES = 200;

    private final UnpackLimits limits;
    private long archiveBytes;
    private long fileBytes;
    private int entries;
    private long attributeBytes;
    private long heldBytes;
    private long holeBytes;
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

    /// Sparse entries cost next to nothing in the archive.
    void takeHoleBytes(long bytes) {
        holeBytes += bytes;
        if (bytes < 0 || holeBytes > MAX_HOLE_BYTES) {
            throw new OciException.LimitExceeded("bytes of sparse files' holes", MAX_HOLE_BYTES);
        }
    }

    /// Counts a name that is kept in memory.
    ///
    /// @return what to [#release] when it is not any more
    long holdName(Path name) {
        long bytes = (long) name.toString().length() + NAME_BYTES;
        heldBytes += bytes;
        if (heldBytes > MAX_HELD_BYTES) {
            throw new OciException.LimitExceeded("bytes of names that this process can keep", MAX_HELD_BYTES);
        }
        return bytes;
    }

    void release(long bytes) {
        heldBytes -= bytes;
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
