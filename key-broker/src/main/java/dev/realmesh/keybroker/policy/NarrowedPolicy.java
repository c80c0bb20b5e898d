// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.cca.ear.EarException;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.policy.PolicyInForce;
import dev.realmesh.policy.StoredPolicy;
import java.util.Optional;

/// The broker's own policy, and within what that permits, the administrators' that is in force: it can refuse what
/// would
/// be released, and never release what is refused, since it is not even asked then.
final class NarrowedPolicy implements ReleasePolicy {
    private static final String FOR_GUESTS = "policy: of the broker's administrators, does not permit it"
            + " (expected: a Realm and a secret that it permits)";

    private final ReleasePolicy own;
    private final PolicyInForce<ResourcePolicy> inForce;

    NarrowedPolicy(ReleasePolicy own, PolicyInForce<ResourcePolicy> inForce) {
        this.own = own;
        this.inForce = inForce;
    }

    @Override
    public Decision decide(AttestedRealm realm, ResourcePath path) {
        Decision decision = own.decide(realm, path);
        if (decision instanceof Decision.Deny) {
            return decision;
        }
        return inForce.get()
                .flatMap(ready -> refusal(ready, realm, path))
                .<Decision>map(why -> new Decision.Deny(FOR_GUESTS, why))
                .orElse(decision);
    }

    private static Optional<String> refusal(
            PolicyInForce.Ready<ResourcePolicy> ready, AttestedRealm realm, ResourcePath path) {
        Optional<String> refusal;
        try {
            refusal = ready.policy().refusal(PolicyQuestion.of(realm, path));
        } catch (EarException e) {
            refusal = Optional.of("cannot be asked about this result");
        }
        return refusal.map(why -> named(ready.stored()) + ": " + why);
    }

    private static String named(StoredPolicy stored) {
        return "policy " + stored.name() + " " + stored.version();
    }
}
