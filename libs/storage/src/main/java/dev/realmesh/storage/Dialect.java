// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

/// What differs between the databases. A reading transaction sees one state of the database; writing ones go one after
/// the other, so that results become visible in the order of their numbers and no watcher misses one.
enum Dialect {
    SQLITE("sqlite", "BEGIN", "BEGIN IMMEDIATE"),

    /// Writers take an advisory lock, which ends with their transaction. They read what is committed, rather than a
    /// snapshot, which would be older than the lock.
    POSTGRESQL(
            "postgresql",
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(7236837)");

    private final String folder;
    private final String beginRead;
    private final String beginWrite;

    Dialect(String folder, String beginRead, String beginWrite) {
        this.folder = folder;
        this.beginRead = beginRead;
        this.beginWrite = beginWrite;
    }

    /// Name of the folder of its migrations.
    String folder() {
        return folder;
    }

    String beginRead() {
        return beginRead;
    }

    String beginWrite() {
        return beginWrite;
    }
}
