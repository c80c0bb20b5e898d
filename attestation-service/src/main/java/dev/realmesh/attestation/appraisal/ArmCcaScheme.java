// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.endorsement.Endorsements;
import dev.realmesh.attestation.policy.Findings;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.TripleJson;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
        return findings(request).submods();
    }

    /// The appraisals by submod, and the reference values that they were made by.
    ///
    /// @throws AppraisalException.Unavailable if the endorsements cannot be read
    public Findings findings(AppraisalRequest request) {
        try {
            CcaEvidence evidence = CcaEvidence.decode(request.evidence());
            CoseKey trustAnchor = trustAnchor(evidence.platform().claims());
            requireIntegrity(evidence, trustAnchor, request);
            return verdicts(request, evidence);
        } catch (TokenException e) {
            return refused(request, "could not establish identity from evidence");
        } catch (IntegrityException.NoTrustAnchor e) {
            return refused(request, String.valueOf(e.getMessage()));
        } catch (IntegrityException e) {
            return refused(request, "integrity validation failed: bad evidence: " + e.getMessage());
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

    private Findings verdicts(AppraisalRequest request, CcaEvidence evidence) {
        var platform = evidence.platform().claims();
        var realm = evidence.realm().claims();
        List<PlatformReference> platforms = endorsements.platformReferences(platform.implementationId());
        List<RealmReference> realms = endorsements.realmReferences(realm.initialMeasurement());
        return new Findings(
                request.nonce(),
                Map.of(
                        Ear.PLATFORM, PlatformAppraisal.of(platform, platforms, rules),
                        Ear.REALM, RealmAppraisal.of(realm, realms, rules)),
                () -> Stream.concat(
                                platforms.stream().map(TripleJson::of),
                                realms.stream().map(TripleJson::of))
                        .toList());
    }

    private static Findings refused(AppraisalRequest request, String problem) {
        return new Findings(
                request.nonce(),
                Map.of(Ear.REFUSED, SubmodAppraisal.of(TrustVector.REFUSED, POLICY, problem)),
                List::of);
    }
}
