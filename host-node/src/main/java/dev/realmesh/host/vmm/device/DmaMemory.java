// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.device;

/// What a device reaches of a Realm's memory: the half that the Realm shares with its host.
public interface DmaMemory {
    /// Reads from `ipa` on.
    ///
    /// @return whether there was memory; if not, some of `into` may have been filled
    boolean read(long ipa, byte[] into);

    /// Writes to `ipa` on.
    ///
    /// @return whether there was memory; if not, some of `from` may have been written
    boolean write(long ipa, byte[] from);
}
