// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

/// The database cannot be used, whatever was asked of it.
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param step what was being done
    public StorageException(String step, Throwable cause) {
        super("database: cannot " + step + " (expected: see the service's log)", cause);
    }
}
