// SPDX-License-Identifier: Apache-2.0

/// What services do with policies that their operators write: keep versions of them
/// ([dev.realmesh.policy.PolicyStore]),
/// have them ready while they are in force ([dev.realmesh.policy.PolicyInForce]), and ask them, in CEL
/// ([dev.realmesh.policy.cel.CelConditions]) or in Rego ([dev.realmesh.policy.opa.Opa]). What a policy is asked and
/// what
/// follows from its answer is the service's.
@NullMarked
package dev.realmesh.policy;

import org.jspecify.annotations.NullMarked;
