// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

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

    /// Fails in a database that is not the service's, such as an empty one.
    static final String TABLES_ARE_THERE = "SELECT 1 FROM flyway_schema_history LIMIT 1";

    /// Property of an SQLite connection that makes no file where there is none.
    static final String OPEN_MODE = "open_mode";

    static final String OPEN_EXISTING = "2";
    private static final String OPEN_TO_READ = "1";
    private static final Properties READ_ONLY = readOnly();

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

    /// Statements that ask the disk for room, in one transaction, and leave nothing.
    List<String> trialWrite() {
        return switch (this) {
            case SQLITE ->
                List.of(
                        "CREATE TABLE trial (room BLOB)",
                        "INSERT INTO trial VALUES (zeroblob(65536))",
                        "DROP TABLE trial");
            case POSTGRESQL -> List.of("SELECT pg_current_xact_id()");
        };
    }

    /// Looks at what open connections do not: SQLite's go on with a file that is gone, or with pages that they
    /// remember.
    void requireFile(String url) throws SQLException {
        if (this == SQLITE) {
            try (Connection connection = DriverManager.getConnection(url, READ_ONLY);
                    var statement = connection.createStatement()) {
                statement.execute(TABLES_ARE_THERE);
            }
        }
    }

    private static Properties readOnly() {
        Properties properties = new Properties();
        properties.setProperty(OPEN_MODE, OPEN_TO_READ);
        return properties;
    }
}
