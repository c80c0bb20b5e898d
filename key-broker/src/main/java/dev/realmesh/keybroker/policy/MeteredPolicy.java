// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.metrics.KbsMetrics;
import dev.realmesh.keybroker.rcar.AttestedRealm;

/// Counts what a policy decides.
///
/// @param policy which one
public record MeteredPolicy(ReleasePolicy policy, KbsMetrics metrics) implements ReleasePolicy {
    @Override
    public Decision decide(AttestedRealm realm, ResourcePath path) {
        metrics.policyAsked();
        Decision decision;
        try {
            decision = policy.decide(realm, path);
        } catch (RuntimeException e) {
            metrics.policyFailed();
            throw e;
        }
        switch (decision) {
            case Decision.Permit unused -> metrics.policyApproved();
            case Decision.Deny unused -> metrics.policyViolated();
        }
        return decision;
    }
}
