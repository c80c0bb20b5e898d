// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import java.util.Optional;

/// Who keeps the key that the master keys are under when they are stored: a key service outside of the broker's
/// machine.
public interface MasterKeyWrapping {
    /// The material of a ring as it is stored.
    ///
    /// @throws ResourceException.VaultAway if the key service does not answer
    byte[] wrap(byte[] ring);

    /// The material, which the caller overwrites.
    ///
    /// @throws ResourceException.Unreadable if it was wrapped by another key
    /// @throws ResourceException.VaultAway if the key service does not answer
    byte[] unwrap(byte[] wrapped);

    /// The same under the key service's newest key; empty if that wraps it already.
    ///
    /// @throws ResourceException.Unreadable if it was wrapped by another key
    /// @throws ResourceException.VaultAway if the key service does not answer
    Optional<byte[]> wrappedAnew(byte[] wrapped);
}
