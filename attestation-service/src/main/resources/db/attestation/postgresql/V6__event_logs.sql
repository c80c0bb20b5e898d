-- SPDX-License-Identifier: Apache-2.0

-- What came with evidence of what its Realm had run: the event log (AAEL), and the images in it.
CREATE TABLE result_log (
    sequence  BIGINT  NOT NULL PRIMARY KEY REFERENCES result (sequence) ON DELETE CASCADE,
    event_log BYTEA   NOT NULL
);
CREATE TABLE result_image (
    sequence  BIGINT  NOT NULL REFERENCES result (sequence) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    reference TEXT    NOT NULL,
    digest    TEXT    NOT NULL,
    starts    INTEGER NOT NULL,
    PRIMARY KEY (sequence, position)
);
CREATE INDEX result_image_by_digest ON result_image (digest, sequence);
CREATE INDEX result_image_by_reference ON result_image (reference, sequence);

CREATE TRIGGER result_log_is_not_changed BEFORE UPDATE ON result_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER result_log_is_not_emptied BEFORE TRUNCATE ON result_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER result_image_is_not_changed BEFORE UPDATE ON result_image FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER result_image_is_not_emptied BEFORE TRUNCATE ON result_image
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_removal_from_result() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF EXISTS (SELECT 1 FROM result WHERE sequence = OLD.sequence) THEN
        RAISE EXCEPTION 'results are append-only until their retention ends';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER result_log_is_not_removed BEFORE DELETE ON result_log
    FOR EACH ROW EXECUTE FUNCTION refuse_removal_from_result();
CREATE TRIGGER result_image_is_not_removed BEFORE DELETE ON result_image
    FOR EACH ROW EXECUTE FUNCTION refuse_removal_from_result();
