// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.rcar.AttestedRealm;

/// Decides whether an attested Realm gets a secret. Asked for each release, before the secret is looked up. May block.
@FunctionalInterface
public interface ReleasePolicy {
    /// The decision.
    ///
    /// @throws dev.realmesh.policy.PolicyException if there is none now
    /// @throws dev.realmesh.storage.StorageException if it cannot be known which policy is in force
    Decision decide(AttestedRealm realm, ResourcePath path);

    /// Yes, or no and why.
    sealed interface Decision {
        /// The secret may go to the Realm.
        record Permit() implements Decision {}

        /// It may not.
        ///
        /// @param reason what is missing, for the guest
        /// @param detail what is missing, for administrators; never a claim value
        record Deny(String reason, String detail) implements Decision {
            /// A no whose reason everyone may know.
            Deny(String reason) {
                this(reason, reason);
            }
        }
    }
}
