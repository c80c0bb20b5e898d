// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.storage.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// Results in the database, which refuses to change one, and to remove one before its retention ends.
public final class ResultStore {
    /// Most results on a page.
    public static final int MAX_PAGE_SIZE = 1000;

    private static final String INSERT = "INSERT INTO result (result_id, issued_at, realm_id, status, challenge, rim,"
            + " rpv, implementation_id, instance_id, ear, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String COLUMNS =
            "SELECT sequence, result_id, realm_id, challenge, rim, rpv, implementation_id, instance_id, ear";
    private static final String INSERT_LOG =
            "INSERT INTO result_log (sequence, event_log) SELECT sequence, ? FROM result WHERE result_id = ?";
    private static final String INSERT_IMAGE =
            "INSERT INTO result_image (sequence, position, reference, digest, starts)"
                    + " SELECT sequence, ?, ?, ?, ? FROM result WHERE result_id = ?";
    private static final String FIND = COLUMNS + ", evidence FROM result WHERE result_id = ?";
    private static final String OF_IMAGE =
            " AND sequence IN (SELECT sequence FROM result_image WHERE digest = ? OR reference = ?)";
    private static final String FIND_SEQUENCE = "SELECT sequence FROM result WHERE result_id = ?";
    private static final String LATEST = "SELECT COALESCE(MAX(sequence), 0) FROM result";
    private static final String KEEP_FROM = "UPDATE result_retention SET kept_from = ? WHERE kept_from < ?";
    private static final String REMOVE = "DELETE FROM result WHERE issued_at < ?";

    private final Database database;

    public ResultStore(Database database) {
        this.database = database;
    }

    /// A result that is not stored yet.
    ///
    /// @param realmId the label that the request carried
    /// @param challenge what the evidence had to be fresh for
    /// @param claims what the evidence claims
    /// @param ear what the result says
    /// @param jwt the same, signed
    public record NewResult(String realmId, Bytes challenge, AttestedClaims claims, Ear ear, String jwt) {}

    /// A stored result with the evidence that it is about.
    ///
    /// @param eventLog what came with it of what its Realm had run; empty if nothing did
    public record WithEvidence(StoredResult result, Bytes evidence, Bytes eventLog) {}

    /// Results, newest first.
    ///
    /// @param nextPageToken where to go on; empty at the end
    public record Page(List<StoredResult> results, String nextPageToken) {}

    /// Results in the order in which they were stored.
    ///
    /// @param last where to go on
    public record Batch(List<StoredResult> results, Position last) {}

    /// A place between two results.
    public record Position(long sequence) {}

    /// Stores a result with its evidence.
    ///
    /// @param eventLog what came with that of what its Realm had run; may be empty
    public StoredResult append(NewResult result, Bytes evidence, Bytes eventLog) {
        StoredResult stored = new StoredResult(
                UUID.randomUUID(), result.realmId(), result.challenge(), result.claims(), result.ear(), result.jwt());
        return database.write("store a result", connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setString(1, stored.id().toString());
                insert.setLong(2, stored.issuedAt().toEpochMilli());
                insert.setString(3, stored.realmId());
                insert.setInt(4, number(stored.status()));
                insert.setBytes(5, stored.challenge().toByteArray());
                insert.setBytes(6, stored.claims().rim().toByteArray());
                insert.setBytes(7, stored.claims().rpv().toByteArray());
                insert.setBytes(8, stored.claims().implementationId().toByteArray());
                insert.setBytes(9, stored.claims().instanceId().toByteArray());
                insert.setString(10, stored.jwt());
                insert.setBytes(11, evidence.toByteArray());
                insert.executeUpdate();
            }
            if (!eventLog.isEmpty()) {
                insertLog(connection, stored, eventLog);
            }
            return stored;
        });
    }

    private static void insertLog(Connection connection, StoredResult result, Bytes eventLog) throws SQLException {
        String id = result.id().toString();
        try (PreparedStatement log = connection.prepareStatement(INSERT_LOG);
                PreparedStatement image = connection.prepareStatement(INSERT_IMAGE)) {
            log.setBytes(1, eventLog.toByteArray());
            log.setString(2, id);
            log.executeUpdate();
            int position = 0;
            for (MeasuredImage each : result.claims().images()) {
                image.setInt(1, position++);
                image.setString(2, each.reference());
                image.setString(3, each.digest());
                image.setInt(4, each.starts());
                image.setString(5, id);
                image.addBatch();
            }
            image.executeBatch();
        }
    }

    /// A result by its name.
    ///
    /// @throws ResultException.NotFound if there is none
    public WithEvidence get(String id) {
        return find(FIND, id, (row, connection) -> {
            ResultRows.Numbered found = ResultRows.read(row);
            Bytes evidence = ResultRows.bytes(row, "evidence");
            StoredResult result =
                    ResultRows.withImages(connection, List.of(found)).getFirst();
            return new WithEvidence(result, evidence, ResultRows.log(connection, found.sequence()));
        });
    }

    /// A page of results, newest first.
    ///
    /// @param size how many at most, 1 to [#MAX_PAGE_SIZE]
    /// @param pageToken of the page before; empty is the first page
    /// @throws ResultException.BadRequest if the size or the token is none
    public Page list(ResultFilter filter, int size, String pageToken) {
        if (size < 1 || size > MAX_PAGE_SIZE) {
            throw new ResultException.BadRequest("page_size: " + size + " (expected: 1 to " + MAX_PAGE_SIZE + ")");
        }
        PageToken token = PageToken.parse(pageToken, filter);
        return database.read("list results", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(listing(filter, "sequence < ?", "sequence DESC"))) {
                fill(select, filter, token.before(), size + 1);
                try (ResultSet rows = select.executeQuery()) {
                    return page(rows, size, token, connection);
                }
            }
        });
    }

    /// The place after the newest result.
    public Position end() {
        return database.read("find the newest result", connection -> new Position(latest(connection)));
    }

    /// The place after a result.
    ///
    /// @throws ResultException.NotFound if there is none of this name
    public Position after(String id) {
        return find(FIND_SEQUENCE, id, (row, connection) -> new Position(row.getLong("sequence")));
    }

    /// What is read of a row.
    private interface Reading<T> {
        T of(ResultSet row, Connection connection) throws SQLException;
    }

    private <T> T find(String sql, String id, Reading<T> reading) {
        return database.read("read a result", connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, name(id));
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        throw new ResultException.NotFound();
                    }
                    return reading.of(row, connection);
                }
            }
        });
    }

    /// The first results that the filter means behind a place; none if there are none yet.
    ///
    /// @param most how many at most
    public Batch next(ResultFilter filter, Position from, int most) {
        return database.read("read new results", connection -> {
            long latest = latest(connection);
            if (latest == from.sequence()) {
                return new Batch(List.of(), from);
            }
            try (PreparedStatement select =
                    connection.prepareStatement(listing(filter, "sequence > ?", "sequence ASC"))) {
                fill(select, filter, from.sequence(), most);
                List<ResultRows.Numbered> results = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        results.add(ResultRows.read(rows));
                    }
                }
                long last = results.size() < most ? latest : results.getLast().sequence();
                return new Batch(ResultRows.withImages(connection, results), new Position(last));
            }
        });
    }

    /// Removes results that were issued before; no other may be removed.
    ///
    /// @return how many they were
    public int expire(Instant before) {
        return database.write("remove expired results", connection -> {
            try (PreparedStatement keep = connection.prepareStatement(KEEP_FROM);
                    PreparedStatement remove = connection.prepareStatement(REMOVE)) {
                keep.setLong(1, before.toEpochMilli());
                keep.setLong(2, before.toEpochMilli());
                keep.executeUpdate();
                remove.setLong(1, before.toEpochMilli());
                return remove.executeUpdate();
            }
        });
    }

    /// PostgreSQL fails at a zero character, which is in no name.
    private static String name(String id) {
        if (id.indexOf('\0') >= 0) {
            throw new ResultException.NotFound();
        }
        return id;
    }

    private static long latest(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LATEST);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String listing(ResultFilter filter, String from, String order) {
        String statuses = filter.statuses().stream()
                .map(status -> Integer.toString(number(status)))
                .collect(Collectors.joining(", "));
        return COLUMNS + " FROM result WHERE " + from + " AND issued_at >= ? AND issued_at < ?"
                + (filter.realmId().isEmpty() ? "" : " AND realm_id = ?")
                + (filter.rim().isEmpty() ? "" : " AND rim = ?")
                + (filter.instanceId().isEmpty() ? "" : " AND instance_id = ?")
                + (filter.image().isEmpty() ? "" : OF_IMAGE)
                + " AND status IN (" + statuses + ") ORDER BY " + order + " LIMIT ?";
    }

    private static void fill(PreparedStatement select, ResultFilter filter, long from, int most) throws SQLException {
        int parameter = 1;
        select.setLong(parameter++, from);
        select.setLong(parameter++, filter.issuedFrom().toEpochMilli());
        select.setLong(parameter++, filter.issuedBefore().toEpochMilli());
        if (!filter.realmId().isEmpty()) {
            select.setString(parameter++, filter.realmId());
        }
        if (!filter.rim().isEmpty()) {
            select.setBytes(parameter++, filter.rim().toByteArray());
        }
        if (!filter.instanceId().isEmpty()) {
            select.setBytes(parameter++, filter.instanceId().toByteArray());
        }
        if (!filter.image().isEmpty()) {
            select.setString(parameter++, filter.image());
            select.setString(parameter++, filter.image());
        }
        select.setInt(parameter, most);
    }

    private static Page page(ResultSet rows, int size, PageToken token, Connection connection) throws SQLException {
        List<ResultRows.Numbered> results = new ArrayList<>();
        String next = "";
        while (rows.next()) {
            if (results.size() == size) {
                next = token.next(results.getLast().sequence()).text();
                break;
            }
            results.add(ResultRows.read(rows));
        }
        return new Page(ResultRows.withImages(connection, results), next);
    }

    /// The number in the database, which is also AR4SI's.
    private static int number(TrustTier tier) {
        return switch (tier) {
            case NONE -> 0;
            case AFFIRMING -> 2;
            case WARNING -> 32;
            case CONTRAINDICATED -> 96;
        };
    }
}
