-- SPDX-License-Identifier: Apache-2.0
-- Secrets. Nothing here is plaintext but the path; ciphertext and wrapped_key are nonce, AES-256-GCM, tag.
CREATE TABLE resource (
    path          TEXT    NOT NULL, -- repository/type/tag
    version       BIGINT  NOT NULL, -- 1 and up; the highest is the one that is released
    master_key_id TEXT    NOT NULL, -- which master key wraps
    wrapped_key   BLOB    NOT NULL, -- the envelope's key
    ciphertext    BLOB    NOT NULL, -- the secret
    created_at    BIGINT  NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (path, version)
);
