-- SPDX-License-Identifier: Apache-2.0

-- Whose evidence a policy is about, and what it is written in: cel or opa. One policy of each scheme is in force.
ALTER TABLE policy ADD COLUMN scheme TEXT NOT NULL DEFAULT 'ARM_CCA';
ALTER TABLE policy ADD COLUMN language TEXT NOT NULL DEFAULT 'cel';
ALTER TABLE policy_activation ADD COLUMN scheme TEXT NOT NULL DEFAULT 'ARM_CCA';
