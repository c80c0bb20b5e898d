// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.ear.SubmodAppraisal;
import java.util.Map;

/// What is done to the scheme's verdict before it is signed.
@FunctionalInterface
public interface AppraisalPolicy {
    /// Leaves it as it is.
    AppraisalPolicy NONE = Findings::submods;

    /// The appraisals by submod with the policy's effects. May block.
    ///
    /// @throws PolicyException if the policy in force cannot be applied
    /// @throws dev.realmesh.storage.StorageException if it cannot be known which policy is in force
    Map<String, SubmodAppraisal> apply(Findings findings);
}
