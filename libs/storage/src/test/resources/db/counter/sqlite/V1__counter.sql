-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE counter (value INTEGER NOT NULL);
INSERT INTO counter VALUES (0);
