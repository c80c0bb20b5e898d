// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.endorsement.EndorsementStore;
import dev.realmesh.attestation.storage.StorageException;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.EvidenceIntegrity;
import dev.realmesh.cca.token.IntegrityException;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.TokenException;
import java.time.InstantSource;
import java.util.Map;

/// Appraises in this process, by the stages of Veraison's arm-cca scheme and in their order, and signs the result.
/// A Realm without reference values is a warning, never affirming.
public final class EmbeddedAppraiser implements Appraiser {
    static final String POLICY = "policy:ARM_CCA";

    private final EndorsementStore endorsements;
    private final EarSigningKey key;
    private final Ear.VerifierId verifier;
    private final InstantSource clock;

    /// @param verifier who the results say made them
    public EmbeddedAppraiser(
            EndorsementStore endorsements, EarSigningKey key, Ear.VerifierId verifier, InstantSource clock) {
        this.endorsements = endorsements;
        this.key = key;
        this.verifier = verifier;
        this.clock = clock;
    }

    @Override
    public Appraisal appraise(AppraisalRequest request) {
        Ear ear = Ear.of(clock.instant(), request.nonce(), verifier, submods(request));
        return new Appraisal(ear, key.sign(ear));
    }

    @Override
    public String signingKey() {
        return key.publicJwk();
    }

    private Map<String, SubmodAppraisal> submods(AppraisalRequest request) {
        try {
            CcaEvidence evidence = CcaEvidence.decode(request.evidence());
            CoseKey trustAnchor = trustAnchor(evidence.platform().claims());
            requireIntegrity(evidence, trustAnchor, request);
            return appraise(evidence);
        } catch (TokenException e) {
            return refused("could not establish identity from evidence");
        } catch (IntegrityException.NoTrustAnchor e) {
            return refused(String.valueOf(e.getMessage()));
        } catch (IntegrityException e) {
            return refused("integrity validation failed: bad evidence: " + e.getMessage());
        } catch (StorageException e) {
            throw new AppraisalException.Unavailable("endorsements cannot be read", e);
        }
    }

    private CoseKey trustAnchor(PlatformClaims claims) {
        return endorsements
                .trustAnchor(claims.implementationId(), claims.instanceId())
                .orElseThrow(IntegrityException.NoTrustAnchor::new);
    }

    private static void requireIntegrity(CcaEvidence evidence, CoseKey trustAnchor, AppraisalRequest request) {
        EvidenceIntegrity.requireFresh(evidence, request.nonce());
        EvidenceIntegrity.requireGenuine(evidence, Signatures.publicKey(trustAnchor));
    }

    private Map<String, SubmodAppraisal> appraise(CcaEvidence evidence) {
        var platform = evidence.platform().claims();
        var realm = evidence.realm().claims();
        return Map.of(
                Ear.PLATFORM,
                PlatformAppraisal.of(platform, endorsements.platformReferences(platform.implementationId())),
                Ear.REALM,
                RealmAppraisal.of(realm, endorsements.realmReferences(realm.initialMeasurement())));
    }

    private static Map<String, SubmodAppraisal> refused(String problem) {
        return Map.of(Ear.REFUSED, SubmodAppraisal.of(TrustVector.REFUSED, POLICY, problem));
    }
}
