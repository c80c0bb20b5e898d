// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import dev.realmesh.cca.Bytes;

/// A digest in a log.
///
/// @param algorithm number of the algorithm in the TCG algorithm registry
/// @param value as many bytes as the log declares for it
public record LogDigest(int algorithm, Bytes value) {
    /// Number of SHA-256.
    public static final int SHA_256 = 0x0B;
    /// Number of SHA-384.
    public static final int SHA_384 = 0x0C;
    /// Number of SHA-512.
    public static final int SHA_512 = 0x0D;
}
