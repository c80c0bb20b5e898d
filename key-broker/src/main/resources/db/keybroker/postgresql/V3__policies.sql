-- SPDX-License-Identifier: Apache-2.0
-- Versions of resource policies, as they were put.
CREATE TABLE policy (
    policy_key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy_id  TEXT    NOT NULL UNIQUE,
    scheme     TEXT    NOT NULL, -- the plugin whose answers it is about: resource
    language   TEXT    NOT NULL, -- cel or opa
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at BIGINT  NOT NULL, -- milliseconds since 1970
    document   TEXT    NOT NULL,
    UNIQUE (name, version)
);

-- Which policy was in force from when on; policy_id is empty for none. The last row holds.
CREATE TABLE policy_activation (
    activation_key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scheme         TEXT   NOT NULL,
    policy_id      TEXT   NOT NULL,
    activated_at   BIGINT NOT NULL -- milliseconds since 1970
);

CREATE FUNCTION policies_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''policies and their activations: only added to''; END';
CREATE TRIGGER policy_keeps_all BEFORE UPDATE OR DELETE ON policy
    FOR EACH ROW EXECUTE FUNCTION policies_only_added_to();
CREATE TRIGGER policy_is_not_emptied BEFORE TRUNCATE ON policy
    FOR EACH STATEMENT EXECUTE FUNCTION policies_only_added_to();
CREATE TRIGGER policy_activation_keeps_all BEFORE UPDATE OR DELETE ON policy_activation
    FOR EACH ROW EXECUTE FUNCTION policies_only_added_to();
CREATE TRIGGER policy_activation_is_not_emptied BEFORE TRUNCATE ON policy_activation
    FOR EACH STATEMENT EXECUTE FUNCTION policies_only_added_to();
