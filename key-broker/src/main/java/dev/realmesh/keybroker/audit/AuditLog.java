// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.audit;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.audit.AuditChain;
import dev.realmesh.kbs.audit.AuditEntry;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.storage.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The log in the broker's database. Nothing is answered whose entry is not stored. Entries that come at the same time
/// are stored together: the first to come writes for those behind it.
public final class AuditLog {
    private static final String LAST = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1";
    private static final String INSERT = "INSERT INTO audit"
            + " (sequence, written_at, actor, action, subject, outcome, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String PAGE = "SELECT sequence, written_at, actor, action, subject, outcome, detail, hash"
            + " FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?";
    private static final int MAX_BATCH = 256;

    private final Database database;
    private final InstantSource clock;
    private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writer = new ReentrantLock(true);

    /// The log in a database.
    public AuditLog(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// An entry as it is stored.
    ///
    /// @param hash of it and all before it, 32 bytes
    public record Stored(AuditEntry entry, Bytes hash) {}

    /// Stores what happened; returns when it is there for good.
    ///
    /// @throws dev.realmesh.storage.StorageException if it cannot be stored
    public void record(AuditEvent event) {
        Pending mine = new Pending(event);
        queue.add(mine);
        writer.lock();
        try {
            if (!mine.stored) {
                storeFirst();
            }
        } finally {
            queue.remove(mine);
            writer.unlock();
        }
    }

    /// Adds what happened to a transaction, so that it is stored with what it tells of, or neither is.
    public void record(AuditEvent event, Connection connection) throws SQLException {
        append(List.of(event), connection);
    }

    /// Entries after a number, in order.
    ///
    /// @param after 0 for the first
    /// @param most how many at most
    /// @throws dev.realmesh.storage.StorageException if they cannot be read
    public List<Stored> page(long after, int most) {
        return database.read("read the audit log", connection -> {
            try (PreparedStatement select = connection.prepareStatement(PAGE)) {
                select.setLong(1, after);
                select.setInt(2, most);
                List<Stored> page = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        page.add(stored(rows));
                    }
                }
                return page;
            }
        });
    }

    /// Who waits for the lock is in the queue: the batch has at least the caller's own, or those before it.
    private void storeFirst() {
        List<Pending> batch = queue.stream().limit(MAX_BATCH).toList();
        database.write("write the audit log", connection -> {
            append(batch.stream().map(pending -> pending.event).toList(), connection);
            return true;
        });
        batch.forEach(pending -> pending.stored = true);
    }

    private void append(List<AuditEvent> events, Connection connection) throws SQLException {
        long sequence = 0;
        byte[] hash = new byte[AuditChain.HASH_LENGTH];
        try (PreparedStatement last = connection.prepareStatement(LAST);
                ResultSet row = last.executeQuery()) {
            if (row.next()) {
                sequence = row.getLong("sequence");
                hash = row.getBytes("hash");
            }
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (AuditEvent event : events) {
                AuditEntry entry = new AuditEntry(++sequence, now, event);
                hash = entry.hash(hash);
                bind(insert, entry, hash);
                insert.executeUpdate();
            }
        }
    }

    private static void bind(PreparedStatement insert, AuditEntry entry, byte[] hash) throws SQLException {
        insert.setLong(1, entry.sequence());
        insert.setLong(2, entry.time().toEpochMilli());
        insert.setString(3, entry.event().actor());
        insert.setString(4, entry.event().action().name());
        insert.setString(5, entry.event().subject());
        insert.setString(6, entry.event().outcome().name());
        insert.setString(7, entry.event().detail());
        insert.setBytes(8, hash);
    }

    private static Stored stored(ResultSet row) throws SQLException {
        AuditEvent event = new AuditEvent(
                row.getString("actor"),
                AuditEvent.Action.valueOf(row.getString("action")),
                row.getString("subject"),
                AuditEvent.Outcome.valueOf(row.getString("outcome")),
                row.getString("detail"));
        AuditEntry entry =
                new AuditEntry(row.getLong("sequence"), Instant.ofEpochMilli(row.getLong("written_at")), event);
        return new Stored(entry, Bytes.copyOf(row.getBytes("hash")));
    }

    private static final class Pending {
        private final AuditEvent event;
        private boolean stored; // guarded by the writers' lock

        private Pending(AuditEvent event) {
            this.event = event;
        }
    }
}
