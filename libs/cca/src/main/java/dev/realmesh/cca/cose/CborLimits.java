// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

/// What a decoder accepts at most.
///
/// @param maxBytes size of the encoded item, in bytes
/// @param maxDepth nesting of arrays, maps and tags; 1 is an item that holds no other
/// @param maxItems items in all, so that a small input cannot become a large tree
public record CborLimits(int maxBytes, int maxDepth, int maxItems) {
    /// Evidence: 64 KiB, 16 deep.
    public static final CborLimits EVIDENCE = new CborLimits(64 * 1024, 16, 4096);

    /// Endorsements: 4 MiB, 24 deep (a measurement inside a signed CoRIM is 11 deep).
    public static final CborLimits ENDORSEMENTS = new CborLimits(4 * 1024 * 1024, 24, 512 * 1024);

    public CborLimits {
        if (maxBytes < 1 || maxDepth < 1 || maxItems < 1) {
            throw new IllegalArgumentException(
                    "limits: " + maxBytes + ", " + maxDepth + ", " + maxItems + " (expected: 1 or more each)");
        }
    }
}
