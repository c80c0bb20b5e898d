// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.Triple;
import dev.realmesh.cca.corim.TrustAnchor;
import dev.realmesh.cca.corim.Validity;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.storage.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// CoRIMs in the database. A stored CoRIM never changes; outside its validity it is there, but not used.
public final class EndorsementStore implements Endorsements {
    private static final String INSERT_CORIM = "INSERT INTO corim"
            + " (digest, corim_id, not_before, not_after, submitted_at, submitted, content)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_SUBJECT =
            "INSERT INTO corim_subject (corim_key, kind, class_id, instance_id) VALUES (?, ?, ?, ?)";
    private static final String FIND_DIGEST = "SELECT 1 FROM corim WHERE digest = ?";
    private static final String FIND_SUBJECT = "SELECT c.corim_key FROM corim c"
            + " JOIN corim_subject s ON s.corim_key = c.corim_key"
            + " WHERE s.kind = ? AND s.class_id = ? AND s.instance_id = ? AND c.not_before <= ? AND c.not_after >= ?"
            + " ORDER BY c.corim_key";
    private static final String READ = "SELECT content FROM corim WHERE corim_key = ?";

    private final Database database;
    private final InstantSource clock;
    private final DecodedCorims decoded = new DecodedCorims();

    /// @param clock what validity is compared with
    public EndorsementStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Checks that a CoRIM can be stored.
    ///
    /// @throws EndorsementException.AlreadyStored if the same bytes are stored
    /// @throws EndorsementException.Conflict if it gives a platform a second key
    public void requireNew(Corim corim, Bytes content) {
        Bytes digest = Signatures.digest("SHA-256", content);
        database.read("look for a CoRIM", connection -> {
            requireNew(connection, corim, digest);
            return corim;
        });
    }

    private void requireNew(Connection connection, Corim corim, Bytes digest) throws SQLException {
        if (isStored(connection, digest)) {
            throw new EndorsementException.AlreadyStored(corim.id());
        }
        requireNoConflict(connection, corim);
    }

    /// Stores a CoRIM; what it states is in use from now on.
    ///
    /// @param content the CoRIM as it came, signed or not; equal bytes are stored once
    /// @throws EndorsementException.AlreadyStored if the same bytes are stored
    /// @throws EndorsementException.Conflict if it gives a platform a second key
    public void add(Corim corim, Bytes content) {
        Bytes digest = Signatures.digest("SHA-256", content);
        database.write("store a CoRIM", connection -> {
            requireNew(connection, corim, digest);
            long key = insert(connection, corim, content, digest);
            insertSubjects(connection, key, corim);
            return key;
        });
    }

    @Override
    public Optional<CoseKey> trustAnchor(Bytes implementationId, Bytes instanceId) {
        Subject subject = new Subject(Subject.Kind.TRUST_ANCHOR, implementationId, instanceId);
        return find(subject, TrustAnchor.class).stream().map(TrustAnchor::key).findFirst();
    }

    @Override
    public List<PlatformReference> platformReferences(Bytes implementationId) {
        return find(
                new Subject(Subject.Kind.PLATFORM_REFERENCE, implementationId, Bytes.EMPTY), PlatformReference.class);
    }

    @Override
    public List<RealmReference> realmReferences(Bytes rim) {
        return find(new Subject(Subject.Kind.REALM_REFERENCE, rim, Bytes.EMPTY), RealmReference.class);
    }

    private <T extends Triple> List<T> find(Subject subject, Class<T> type) {
        Instant now = clock.instant();
        Validity atOnce = new Validity(now, now);
        return database.read("find endorsements", connection -> find(connection, subject, atOnce)).stream()
                .map(type::cast)
                .toList();
    }

    private void requireNoConflict(Connection connection, Corim corim) throws SQLException {
        for (Triple triple : corim.triples()) {
            if (triple instanceof TrustAnchor anchor) {
                Subject subject = Subject.of(anchor);
                List<Triple> others = new ArrayList<>(find(connection, subject, corim.validity()));
                others.addAll(subject.in(corim));
                if (others.stream().anyMatch(other -> !other.equals(anchor))) {
                    throw new EndorsementException.Conflict(anchor.instanceId());
                }
            }
        }
    }

    /// What CoRIMs that are valid at some instant of `validity` state about `subject`.
    private List<Triple> find(Connection connection, Subject subject, Validity validity) throws SQLException {
        List<Triple> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(FIND_SUBJECT)) {
            select.setInt(1, subject.kind().number());
            select.setBytes(2, subject.classId().toByteArray());
            select.setBytes(3, subject.instanceId().toByteArray());
            select.setLong(4, validity.notAfter().toEpochMilli());
            select.setLong(5, validity.notBefore().toEpochMilli());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.addAll(subject.in(read(connection, rows.getLong(1))));
                }
            }
        }
        return found;
    }

    private Corim read(Connection connection, long key) throws SQLException {
        Optional<Corim> known = decoded.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setLong(1, key);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return decoded.keep(key, Corim.decode(Bytes.copyOf(row.getBytes(1))));
            }
        }
    }

    private static boolean isStored(Connection connection, Bytes digest) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIND_DIGEST)) {
            select.setBytes(1, digest.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private long insert(Connection connection, Corim corim, Bytes submitted, Bytes digest) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_CORIM, new String[] {"corim_key"})) {
            insert.setBytes(1, digest.toByteArray());
            insert.setString(2, corim.id());
            insert.setLong(3, corim.validity().notBefore().toEpochMilli());
            insert.setLong(4, corim.validity().notAfter().toEpochMilli());
            insert.setLong(5, clock.millis());
            insert.setBytes(6, submitted.toByteArray());
            insert.setBytes(7, corim.encode().toByteArray());
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private static void insertSubjects(Connection connection, long key, Corim corim) throws SQLException {
        Set<Subject> subjects = new LinkedHashSet<>();
        corim.triples().forEach(triple -> subjects.add(Subject.of(triple)));
        try (PreparedStatement insert = connection.prepareStatement(INSERT_SUBJECT)) {
            for (Subject subject : subjects) {
                insert.setLong(1, key);
                insert.setInt(2, subject.kind().number());
                insert.setBytes(3, subject.classId().toByteArray());
                insert.setBytes(4, subject.instanceId().toByteArray());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
