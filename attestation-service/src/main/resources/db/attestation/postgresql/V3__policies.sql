-- SPDX-License-Identifier: Apache-2.0

-- Versions of appraisal policies, as they were put.
CREATE TABLE policy (
    policy_key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy_id  TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at BIGINT  NOT NULL,
    document   TEXT    NOT NULL,
    UNIQUE (name, version)
);

-- Which policy was in force from when on; policy_id is empty for none. The last row holds.
CREATE TABLE policy_activation (
    activation_key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy_id      TEXT   NOT NULL,
    activated_at   BIGINT NOT NULL
);

CREATE FUNCTION refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'policies and their activations are append-only'; END $$;
CREATE TRIGGER policy_is_not_changed BEFORE UPDATE OR DELETE ON policy
    FOR EACH ROW EXECUTE FUNCTION refuse_policy_change();
CREATE TRIGGER policy_is_not_emptied BEFORE TRUNCATE ON policy
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_policy_change();
CREATE TRIGGER policy_activation_is_not_changed BEFORE UPDATE OR DELETE ON policy_activation
    FOR EACH ROW EXECUTE FUNCTION refuse_policy_change();
CREATE TRIGGER policy_activation_is_not_emptied BEFORE TRUNCATE ON policy_activation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_policy_change();
