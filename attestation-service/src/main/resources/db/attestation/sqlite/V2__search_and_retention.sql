-- SPDX-License-Identifier: Apache-2.0

CREATE INDEX result_by_rim ON result (rim, sequence);
CREATE INDEX result_by_instance ON result (instance_id, sequence);

-- Results that were issued before this may be removed. One row.
CREATE TABLE result_retention (kept_from INTEGER NOT NULL);
INSERT INTO result_retention (kept_from) VALUES (0);

DROP TRIGGER result_is_not_removed;
CREATE TRIGGER result_is_not_removed BEFORE DELETE ON result
WHEN OLD.issued_at >= (SELECT kept_from FROM result_retention)
BEGIN SELECT RAISE(ABORT, 'results are append-only until their retention ends'); END;
