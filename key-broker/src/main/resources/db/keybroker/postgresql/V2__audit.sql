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
    hash       BYTEA  NOT NULL              -- SHA-256 of this entry with the hash of the one before
);
CREATE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''audit: only added to''; END';
CREATE TRIGGER audit_keeps_all BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_only_added_to();
