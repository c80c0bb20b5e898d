// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.policy.AppraisalPolicy;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.storage.StorageException;
import java.time.InstantSource;
import java.util.Map;

/// Appraises in this process, by the scheme and then by the policy in force, and signs the result.
public final class EmbeddedAppraiser implements Appraiser {
    private final ArmCcaScheme scheme;
    private final AppraisalPolicy policy;
    private final EarSigningKey key;
    private final Ear.VerifierId verifier;
    private final InstantSource clock;

    /// What a verdict is made by.
    public record Rules(ArmCcaScheme scheme, AppraisalPolicy policy) {}

    /// @param verifier who the results say made them
    /// @param clock when the results say they were made
    public EmbeddedAppraiser(Rules rules, EarSigningKey key, Ear.VerifierId verifier, InstantSource clock) {
        this.scheme = rules.scheme();
        this.policy = rules.policy();
        this.key = key;
        this.verifier = verifier;
        this.clock = clock;
    }

    @Override
    public Appraisal appraise(AppraisalRequest request) {
        Ear ear = Ear.of(clock.instant(), request.nonce(), verifier, submods(request));
        return new Appraisal(ear, key.sign(ear));
    }

    private Map<String, SubmodAppraisal> submods(AppraisalRequest request) {
        try {
            return policy.apply(scheme.findings(request));
        } catch (PolicyException | StorageException e) {
            throw new AppraisalException.Unavailable("policy, " + e.getMessage(), e);
        }
    }

    @Override
    public String signingKey() {
        return key.publicJwk();
    }
}
