// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.ReferenceDigest;
import dev.realmesh.cca.corim.SoftwareReference;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.SoftwareComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Veraison's: signer-ids, masks, and the order and number of components are not compared, a digest has one reference
/// value (the newest), a changed REM is affirming, and the first reference values of a Realm that apply decide.
final class VeraisonRules implements AppraisalRules {
    @Override
    public void requireSound(CcaEvidence evidence, CoseKey trustAnchor) {
        // A signature that verifies is enough, whatever hash goes with the curve.
    }

    /// The newest endorsed configuration; where none is endorsed, only an empty one will do.
    @Override
    public boolean approves(Bytes config, List<PlatformReference> references) {
        return references.stream()
                .flatMap(reference -> reference.configs().stream())
                .map(PlatformReference.PlatformConfig::value)
                .reduce(Bytes.EMPTY, (older, newer) -> newer)
                .equals(config);
    }

    @Override
    public List<String> softwareProblems(PlatformClaims claims, List<PlatformReference> references) {
        Map<Bytes, SoftwareReference> byDigest = new HashMap<>();
        for (PlatformReference reference : references) {
            for (SoftwareReference component : reference.components()) {
                for (ReferenceDigest digest : component.digests()) {
                    byDigest.put(digest.value(), component);
                }
            }
        }
        return claims.softwareComponents().stream()
                .filter(component -> !isEndorsed(component, Optional.ofNullable(byDigest.get(component.measurement()))))
                .map(component -> component.shownType() + " is not endorsed")
                .toList();
    }

    private static boolean isEndorsed(SoftwareComponent component, Optional<SoftwareReference> reference) {
        return reference
                .filter(endorsed -> endorsed.admits(component.type(), component.version()))
                .isPresent();
    }

    @Override
    public RealmVerdict verdict(RealmClaims claims, List<RealmReference> references) {
        if (references.isEmpty()) {
            return RealmVerdict.UNRECOGNIZED;
        }
        for (RealmReference reference : references) {
            if (!reference.isConsistent()) {
                return RealmVerdict.CONTRADICTORY;
            }
            if (reference.admitsRpv(claims.personalizationValue())) {
                return reference.admitsRems(claims.extensibleMeasurements())
                        ? RealmVerdict.APPROVED
                        : RealmVerdict.APPROVED_AT_BOOT;
            }
        }
        return RealmVerdict.CONTRAINDICATED;
    }
}
