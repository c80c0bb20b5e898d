// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import java.util.List;

/// A policy that is ready to be asked, in whatever language it is.
public interface CompiledPolicy extends AutoCloseable {
    /// What it asks for; one that cannot be evaluated on this evidence asks for [Effect#failed]. May block.
    ///
    /// @throws PolicyException.Unavailable if nobody is there who could evaluate it
    List<Effect> effects(PolicyInput input);

    /// Lets go of what it holds elsewhere.
    @Override
    default void close() {}
}
