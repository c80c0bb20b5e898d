// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import java.time.InstantSource;

/// Appraises in this process and signs the result.
public final class EmbeddedAppraiser implements Appraiser {
    private final ArmCcaScheme scheme;
    private final EarSigningKey key;
    private final Ear.VerifierId verifier;
    private final InstantSource clock;

    /// @param verifier who the results say made them
    public EmbeddedAppraiser(ArmCcaScheme scheme, EarSigningKey key, Ear.VerifierId verifier, InstantSource clock) {
        this.scheme = scheme;
        this.key = key;
        this.verifier = verifier;
        this.clock = clock;
    }

    @Override
    public Appraisal appraise(AppraisalRequest request) {
        Ear ear = Ear.of(clock.instant(), request.nonce(), verifier, scheme.appraise(request));
        return new Appraisal(ear, key.sign(ear));
    }

    @Override
    public String signingKey() {
        return key.publicJwk();
    }
}
