-- SPDX-License-Identifier: Apache-2.0

-- Reference values by id, as Trustee's provider is told them: JSON. A newer one replaces an older.
CREATE TABLE reference_value (
    reference_value_id TEXT    NOT NULL PRIMARY KEY,
    value              TEXT    NOT NULL,
    registered_at      INTEGER NOT NULL
);
