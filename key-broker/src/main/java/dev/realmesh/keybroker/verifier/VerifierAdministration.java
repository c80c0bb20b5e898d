// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.verifier;

import java.util.Optional;

/// The verifier as its administrators know it: attestation-service, in a process of its own. Each call throws
/// [VerifierException] where it does not do what it is asked.
public interface VerifierAdministration {
    /// Sets a policy that evidence is appraised by.
    ///
    /// @param policy Rego in base64url without padding
    void setPolicy(String id, String policy);

    /// The reference value of an id, JSON; empty if there is none.
    Optional<String> referenceValue(String id);

    /// Stores reference values.
    ///
    /// @param message of the reference value provider, JSON
    void registerReferenceValues(String message);
}
