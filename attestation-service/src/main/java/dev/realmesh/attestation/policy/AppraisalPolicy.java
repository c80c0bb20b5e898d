// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.SubmodAppraisal;
import java.util.Map;

/// What is done to the scheme's verdict before it is signed.
@FunctionalInterface
public interface AppraisalPolicy {
    /// Leaves it as it is.
    AppraisalPolicy NONE = (nonce, submods) -> submods;

    /// The appraisals by submod with the policy's effects. May block.
    ///
    /// @param nonce what the evidence had to be fresh for
    /// @throws PolicyException.Invalid if the policy in force is none that this version can apply
    /// @throws dev.realmesh.storage.StorageException if it cannot be known which policy is in force
    Map<String, SubmodAppraisal> apply(Bytes nonce, Map<String, SubmodAppraisal> submods);
}
