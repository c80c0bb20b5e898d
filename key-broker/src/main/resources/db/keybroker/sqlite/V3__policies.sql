-- SPDX-License-Identifier: Apache-2.0
-- Versions of resource policies, as they were put.
CREATE TABLE policy (
    policy_key INTEGER PRIMARY KEY AUTOINCREMENT,
    policy_id  TEXT    NOT NULL UNIQUE,
    scheme     TEXT    NOT NULL, -- the plugin whose answers it is about: resource
    language   TEXT    NOT NULL, -- cel or opa
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL, -- milliseconds since 1970
    document   TEXT    NOT NULL,
    UNIQUE (name, version)
);

-- Which policy was in force from when on; policy_id is empty for none. The last row holds.
CREATE TABLE policy_activation (
    activation_key INTEGER PRIMARY KEY AUTOINCREMENT,
    scheme         TEXT    NOT NULL,
    policy_id      TEXT    NOT NULL,
    activated_at   INTEGER NOT NULL -- milliseconds since 1970
);

CREATE TRIGGER policy_is_not_changed BEFORE UPDATE ON policy
BEGIN SELECT RAISE(ABORT, 'policies: only added to'); END;
CREATE TRIGGER policy_is_not_removed BEFORE DELETE ON policy
BEGIN SELECT RAISE(ABORT, 'policies: only added to'); END;
CREATE TRIGGER policy_activation_is_not_changed BEFORE UPDATE ON policy_activation
BEGIN SELECT RAISE(ABORT, 'policy activations: only added to'); END;
CREATE TRIGGER policy_activation_is_not_removed BEFORE DELETE ON policy_activation
BEGIN SELECT RAISE(ABORT, 'policy activations: only added to'); END;
