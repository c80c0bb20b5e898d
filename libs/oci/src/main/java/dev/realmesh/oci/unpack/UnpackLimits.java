// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

/// What an image may take at most; passing a limit refuses the image.
///
/// @param maxBytes of all tar archives together, uncompressed, and of all files together
/// @param maxEntries of all tar archives together
/// @param maxRatio uncompressed to compressed bytes of a layer, once it has expanded to 16 MiB
/// @param maxPathBytes of an entry's name, in UTF-8
/// @param maxAttributeBytes of the extended attributes of all entries together, names and values
public record UnpackLimits(long maxBytes, int maxEntries, int maxRatio, int maxPathBytes, int maxAttributeBytes) {
    public UnpackLimits {
        if (maxBytes < 1 || maxEntries < 1 || maxRatio < 1 || maxPathBytes < 1 || maxAttributeBytes < 1) {
            throw new IllegalArgumentException("unpack limits: " + maxBytes + ", " + maxEntries + ", " + maxRatio + ", "
                    + maxPathBytes + ", " + maxAttributeBytes + " (expected: each at least 1)");
        }
    }

    /// 16 GiB, a million entries, 200 to 1, 3 KiB and 16 MiB: what images of the field stay below.
    public static UnpackLimits defaults() {
        return new UnpackLimits(16L << 30, 1_000_000, 200, 3072, 16 << 20);
    }
}
