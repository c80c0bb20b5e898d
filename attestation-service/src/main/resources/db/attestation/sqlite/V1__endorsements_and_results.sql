-- SPDX-License-Identifier: Apache-2.0
-- Times are milliseconds since 1970, UTC.

-- A CoRIM: the bytes that were submitted, and the unsigned CoRIM that was read (and verified) from them.
CREATE TABLE corim (
    corim_key    INTEGER PRIMARY KEY AUTOINCREMENT,
    digest       BLOB    NOT NULL UNIQUE,
    corim_id     TEXT    NOT NULL,
    not_before   INTEGER NOT NULL,
    not_after    INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    submitted    BLOB    NOT NULL,
    content      BLOB    NOT NULL
);

-- What a CoRIM is about. kind: 1 trust anchor, 2 platform reference values, 3 realm reference values.
-- class_id: implementation id, or RIM; instance_id: UEID of a trust anchor, else empty.
CREATE TABLE corim_subject (
    corim_key   INTEGER NOT NULL REFERENCES corim (corim_key),
    kind        INTEGER NOT NULL,
    class_id    BLOB    NOT NULL,
    instance_id BLOB    NOT NULL
);
CREATE INDEX corim_subject_by_class ON corim_subject (kind, class_id, instance_id);

-- Appraisals, in the order that they were stored in.
CREATE TABLE result (
    sequence          INTEGER PRIMARY KEY AUTOINCREMENT,
    result_id         TEXT    NOT NULL UNIQUE,
    issued_at         INTEGER NOT NULL,
    realm_id          TEXT    NOT NULL,
    status            INTEGER NOT NULL,
    challenge         BLOB    NOT NULL,
    rim               BLOB    NOT NULL,
    rpv               BLOB    NOT NULL,
    implementation_id BLOB    NOT NULL,
    instance_id       BLOB    NOT NULL,
    ear               TEXT    NOT NULL,
    evidence          BLOB    NOT NULL
);
CREATE INDEX result_by_realm ON result (realm_id, sequence);
CREATE INDEX result_by_status ON result (status, sequence);
CREATE INDEX result_by_time ON result (issued_at);

CREATE TRIGGER result_is_not_changed BEFORE UPDATE ON result
BEGIN SELECT RAISE(ABORT, 'results are append-only'); END;
CREATE TRIGGER result_is_not_removed BEFORE DELETE ON result
BEGIN SELECT RAISE(ABORT, 'results are append-only'); END;
