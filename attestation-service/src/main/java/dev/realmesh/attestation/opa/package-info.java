// SPDX-License-Identifier: Apache-2.0

/// Policies in Rego, evaluated by an Open Policy Agent over its REST API. Start at [dev.realmesh.policy.opa.Opa].
@NullMarked
package dev.realmesh.attestation.opa;

import org.jspecify.annotations.NullMarked;
