// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.policy.ReadyPolicy;
import java.util.Optional;

/// A policy of an administrator that is ready to be asked, in whatever language it is.
interface ResourcePolicy extends ReadyPolicy {
    /// Why a Realm may not have a secret; empty if it may. One that cannot be evaluated is a no. May block.
    ///
    /// @throws dev.realmesh.policy.PolicyException if nobody is there who could evaluate it
    Optional<String> refusal(PolicyQuestion question);
}
