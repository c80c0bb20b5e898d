-- SPDX-License-Identifier: Apache-2.0
-- Times are milliseconds since 1970, UTC.

-- A CoRIM: the bytes that were submitted, and the unsigned CoRIM that was read (and verified) from them.
CREATE TABLE corim (
    corim_key    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest       BYTEA  NOT NULL UNIQUE,
    corim_id     TEXT   NOT NULL,
    not_before   BIGINT NOT NULL,
    not_after    BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    submitted    BYTEA  NOT NULL,
    content      BYTEA  NOT NULL
);

-- What a CoRIM is about. kind: 1 trust anchor, 2 platform reference values, 3 realm reference values.
-- class_id: implementation id, or RIM; instance_id: UEID of a trust anchor, else empty.
CREATE TABLE corim_subject (
    corim_key   BIGINT  NOT NULL REFERENCES corim (corim_key),
    kind        INTEGER NOT NULL,
    class_id    BYTEA   NOT NULL,
    instance_id BYTEA   NOT NULL
);
CREATE INDEX corim_subject_by_class ON corim_subject (kind, class_id, instance_id);

-- Appraisals, in the order that they were stored in: numbers are drawn under the writers' lock.
CREATE TABLE result (
    sequence          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    result_id         TEXT    NOT NULL UNIQUE,
    issued_at         BIGINT  NOT NULL,
    realm_id          TEXT    NOT NULL,
    status            INTEGER NOT NULL,
    challenge         BYTEA   NOT NULL,
    rim               BYTEA   NOT NULL,
    rpv               BYTEA   NOT NULL,
    implementation_id BYTEA   NOT NULL,
    instance_id       BYTEA   NOT NULL,
    ear               TEXT    NOT NULL,
    evidence          BYTEA   NOT NULL
);
CREATE INDEX result_by_realm ON result (realm_id, sequence);
CREATE INDEX result_by_status ON result (status, sequence);
CREATE INDEX result_by_time ON result (issued_at);
CREATE INDEX result_by_rim ON result (rim, sequence);
CREATE INDEX result_by_instance ON result (instance_id, sequence);

-- Results that were issued before this may be removed. One row.
CREATE TABLE result_retention (kept_from BIGINT NOT NULL);
INSERT INTO result_retention (kept_from) VALUES (0);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'results are append-only'; END $$;
CREATE TRIGGER result_is_not_changed BEFORE UPDATE ON result FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER result_is_not_emptied BEFORE TRUNCATE ON result FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF OLD.issued_at >= (SELECT kept_from FROM result_retention) THEN
        RAISE EXCEPTION 'results are append-only until their retention ends';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER result_is_not_removed BEFORE DELETE ON result FOR EACH ROW EXECUTE FUNCTION refuse_removal();
