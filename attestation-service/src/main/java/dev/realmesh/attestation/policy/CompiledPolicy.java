// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.policy.ReadyPolicy;
import java.util.List;

/// An appraisal policy that is ready to be asked, in whatever language it is.
public interface CompiledPolicy extends ReadyPolicy {
    /// What it asks for; one that cannot be evaluated on this evidence asks for [Effect#failed]. May block.
    ///
    /// @throws dev.realmesh.policy.PolicyException.Unavailable if nobody is there who could evaluate it
    List<Effect> effects(PolicyInput input);
}
