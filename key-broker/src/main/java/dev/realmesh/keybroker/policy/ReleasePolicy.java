// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.rcar.AttestedRealm;

/// Decides whether an attested Realm gets a secret. Asked for each release, before the secret is looked up.
@FunctionalInterface
public interface ReleasePolicy {
    /// The decision.
    Decision decide(AttestedRealm realm, ResourcePath path);

    /// Yes, or no and why.
    sealed interface Decision {
        /// The secret may go to the Realm.
        record Permit() implements Decision {}

        /// It may not.
        ///
        /// @param reason what is missing, for the log and the guest; never a claim value
        record Deny(String reason) implements Decision {}
    }
}
