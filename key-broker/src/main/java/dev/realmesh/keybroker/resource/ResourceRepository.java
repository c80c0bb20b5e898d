// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Where secrets are kept; outside of this boundary they are ciphertext.
public interface ResourceRepository {
    /// A version of a secret.
    ///
    /// @param number 1 and up
    /// @param storedAt when it was stored
    record Version(long number, Instant storedAt) {}

    /// Longest secret, in bytes.
    int MAX_SECRET_BYTES = 1 << 20;

    /// Stores a secret in place of what was there, and says so in the audit log.
    ///
    /// @param actor who does it
    /// @throws ResourceException.WrongSize if it is empty or over 1 MiB
    /// @throws dev.realmesh.storage.StorageException if it cannot be stored
    void put(ResourcePath path, SecretBytes secret, String actor);

    /// Stores a secret where there is none, and says so in the audit log; of several at once, one does.
    ///
    /// @param actor who does it
    /// @return whether it is stored; if not, there was one
    /// @throws ResourceException.WrongSize if it is empty or over 1 MiB
    /// @throws dev.realmesh.storage.StorageException if it cannot be stored
    boolean putNew(ResourcePath path, SecretBytes secret, String actor);

    /// The secret, which the caller closes.
    ///
    /// @throws ResourceException.Unreadable if what is stored is not what was put
    /// @throws dev.realmesh.storage.StorageException if it cannot be read
    Optional<SecretBytes> find(ResourcePath path);

    /// The versions of a secret that are kept, newest first.
    ///
    /// @throws dev.realmesh.storage.StorageException if they cannot be read
    List<Version> versions(ResourcePath path);

    /// Makes an earlier version the newest again, as a version of its own, and says so in the audit log.
    ///
    /// @param actor who does it
    /// @return the number of the new version; empty if the earlier one is not kept
    /// @throws ResourceException.Unreadable if what is stored is not what was put
    /// @throws dev.realmesh.storage.StorageException if it cannot be done
    OptionalLong restore(ResourcePath path, long version, String actor);

    /// All paths, sorted.
    ///
    /// @throws dev.realmesh.storage.StorageException if they cannot be read
    List<ResourcePath> list();

    /// Removes a secret, and says so in the audit log.
    ///
    /// @param actor who does it
    /// @return whether there was one
    /// @throws dev.realmesh.storage.StorageException if it cannot be removed
    boolean delete(ResourcePath path, String actor);
}
