// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// A memory encryption context (FEAT_MEC): every access through the Realm space carries one, and it chooses the key.
///
/// @param value 16 bits; 0 is the RMM's own
public record MecId(int value) {
    /// Number of contexts.
    public static final int COUNT = 0x1_0000;

    public MecId {
        if (value < 0 || value >= COUNT) {
            throw new IllegalArgumentException("MECID: " + value + " (expected: 0-65535)");
        }
    }
}
