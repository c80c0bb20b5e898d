// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.endorsement.Endorsements;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.EvidenceIntegrity;
import dev.realmesh.cca.token.IntegrityException;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.TokenException;
import dev.realmesh.storage.StorageException;
import java.util.Map;

/// The stages of Veraison's arm-cca scheme, in their order. A Realm without reference values is a warning, never
/// affirming.
public final class ArmCcaScheme {
    static final String POLICY = "policy:ARM_CCA";

    private final Endorsements endorsements;
    private final AppraisalRules rules;

    public ArmCcaScheme(Endorsements endorsements, AppraisalMode mode) {
        this.endorsements = endorsements;
        this.rules = mode.rules();
    }

    /// The appraisals by submod. Evidence that is refused as a whole has the one submod [Ear#REFUSED].
    ///
    /// @throws AppraisalException.Unavailable if the endorsements cannot be read
    public Map<String, SubmodAppraisal> appraise(AppraisalRequest request) {
        try {
            CcaEvidence evidence = CcaEvidence.decode(request.evidence());
            CoseKey trustAnchor = trustAnchor(evidence.platform().claims());
            requireIntegrity(evidence, trustAnchor, request);
            return verdicts(evidence);
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

    private void requireIntegrity(CcaEvidence evidence, CoseKey trustAnchor, AppraisalRequest request) {
        EvidenceIntegrity.requireFresh(evidence, request.nonce());
        EvidenceIntegrity.requireGenuine(evidence, Signatures.publicKey(trustAnchor));
        rules.requireSound(evidence, trustAnchor);
    }

    private Map<String, SubmodAppraisal> verdicts(CcaEvidence evidence) {
        var platform = evidence.platform().claims();
        var realm = evidence.realm().claims();
        return Map.of(
                Ear.PLATFORM,
                PlatformAppraisal.of(platform, endorsements.platformReferences(platform.implementationId()), rules),
                Ear.REALM,
                RealmAppraisal.of(realm, endorsements.realmReferences(realm.initialMeasurement()), rules));
    }

    private static Map<String, SubmodAppraisal> refused(String problem) {
        return Map.of(Ear.REFUSED, SubmodAppraisal.of(TrustVector.REFUSED, POLICY, problem));
    }
}
