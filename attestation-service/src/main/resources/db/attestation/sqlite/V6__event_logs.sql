-- SPDX-License-Identifier: Apache-2.0

-- What came with evidence of what its Realm had run: the event log (AAEL), and the images in it.
CREATE TABLE result_log (
    sequence  INTEGER NOT NULL PRIMARY KEY REFERENCES result (sequence) ON DELETE CASCADE,
    event_log BLOB    NOT NULL
);
CREATE TABLE result_image (
    sequence  INTEGER NOT NULL REFERENCES result (sequence) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    reference TEXT    NOT NULL,
    digest    TEXT    NOT NULL,
    starts    INTEGER NOT NULL,
    PRIMARY KEY (sequence, position)
);
CREATE INDEX result_image_by_digest ON result_image (digest, sequence);
CREATE INDEX result_image_by_reference ON result_image (reference, sequence);

CREATE TRIGGER result_log_is_not_changed BEFORE UPDATE ON result_log
BEGIN SELECT RAISE(ABORT, 'results are append-only'); END;
CREATE TRIGGER result_image_is_not_changed BEFORE UPDATE ON result_image
BEGIN SELECT RAISE(ABORT, 'results are append-only'); END;
CREATE TRIGGER result_log_is_not_removed BEFORE DELETE ON result_log
WHEN EXISTS (SELECT 1 FROM result WHERE sequence = OLD.sequence)
BEGIN SELECT RAISE(ABORT, 'results are append-only until their retention ends'); END;
CREATE TRIGGER result_image_is_not_removed BEFORE DELETE ON result_image
WHEN EXISTS (SELECT 1 FROM result WHERE sequence = OLD.sequence)
BEGIN SELECT RAISE(ABORT, 'results are append-only until their retention ends'); END;
