// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.Bytes;

/// A verifier that is to have the endorsements that are taken here.
@FunctionalInterface
public interface Onward {
    /// There is no other verifier.
    Onward NOWHERE = (corim, mediaType) -> {};

    /// Gives it a CoRIM, which it may have already.
    ///
    /// @param mediaType of the CoRIM, with its profile
    /// @throws EndorsementException.NotPassedOn if it does not take it
    void submit(Bytes corim, String mediaType);
}
