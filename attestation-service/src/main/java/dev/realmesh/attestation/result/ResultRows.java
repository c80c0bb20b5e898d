// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.EarVerifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.UUID;

/// Results as the database has them: a row each, and rows for their images and logs.
final class ResultRows {
    private static final String LOG = "SELECT event_log FROM result_log WHERE sequence = ?";
    private static final String IMAGES = "SELECT sequence, reference, digest, starts FROM result_image"
            + " WHERE sequence BETWEEN ? AND ? ORDER BY sequence, position";

    private ResultRows() {}

    /// A result and its number, its images still missing.
    record Numbered(long sequence, StoredResult result) {}

    /// The result of a row.
    static Numbered read(ResultSet row) throws SQLException {
        String jwt = row.getString("ear");
        StoredResult result = new StoredResult(
                UUID.fromString(row.getString("result_id")),
                row.getString("realm_id"),
                bytes(row, "challenge"),
                new AttestedClaims(
                        bytes(row, "rim"),
                        bytes(row, "rpv"),
                        bytes(row, "implementation_id"),
                        bytes(row, "instance_id"),
                        List.of()),
                EarVerifier.readUnverified(jwt),
                jwt);
        return new Numbered(row.getLong("sequence"), result);
    }

    /// The same results, each with its images: read at once for all of a page.
    static List<StoredResult> withImages(Connection connection, List<Numbered> results) throws SQLException {
        if (results.isEmpty()) {
            return List.of();
        }
        LongSummaryStatistics range =
                results.stream().mapToLong(Numbered::sequence).summaryStatistics();
        Map<Long, List<MeasuredImage>> images = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(IMAGES)) {
            select.setLong(1, range.getMin());
            select.setLong(2, range.getMax());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    images.computeIfAbsent(rows.getLong("sequence"), sequence -> new ArrayList<>())
                            .add(new MeasuredImage(
                                    rows.getString("reference"), rows.getString("digest"), rows.getInt("starts")));
                }
            }
        }
        return results.stream()
                .map(each -> each.result().withImages(images.getOrDefault(each.sequence(), List.of())))
                .toList();
    }

    /// The event log that came with a result; empty if none did.
    static Bytes log(Connection connection, long sequence) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOG)) {
            select.setLong(1, sequence);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? bytes(row, "event_log") : Bytes.EMPTY;
            }
        }
    }

    static Bytes bytes(ResultSet row, String column) throws SQLException {
        return Bytes.copyOf(row.getBytes(column));
    }
}
