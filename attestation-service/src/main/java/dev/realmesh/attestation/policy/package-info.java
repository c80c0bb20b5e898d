// SPDX-License-Identifier: Apache-2.0

/// Appraisal policies: an operator's own rules, by which the verdict on genuine evidence becomes worse, never better.
/// Start at [dev.realmesh.attestation.policy.AppraisalPolicies]; [dev.realmesh.attestation.policy.Effect] is why they
/// can only lower, in whatever language they are. [dev.realmesh.policy.PolicyEngine] makes them ready to be
/// asked: CEL here, Rego elsewhere.
@NullMarked
package dev.realmesh.attestation.policy;

import org.jspecify.annotations.NullMarked;
