// SPDX-License-Identifier: Apache-2.0

/// Policies in Rego, evaluated by an Open Policy Agent over its REST API. Start at [dev.realmesh.policy.opa.Opa];
/// [dev.realmesh.policy.opa.RegoFrame] is what a service adds to its policies there.
@NullMarked
package dev.realmesh.policy.opa;

import org.jspecify.annotations.NullMarked;
