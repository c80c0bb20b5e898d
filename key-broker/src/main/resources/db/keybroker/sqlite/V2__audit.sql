-- SPDX-License-Identifier: Apache-2.0
-- What the broker did, refused and changed. Only ever added to.
CREATE TABLE audit (
    sequence   BIGINT NOT NULL PRIMARY KEY, -- 1 and up, without a gap
    written_at BIGINT NOT NULL,             -- milliseconds since 1970
    actor      TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    outcome    TEXT   NOT NULL,
    detail     TEXT   NOT NULL,
    hash       BLOB   NOT NULL              -- SHA-256 of this entry with the hash of the one before
);
CREATE TRIGGER audit_keeps_entries BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit: only added to'); END;
CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit: only added to'); END;
