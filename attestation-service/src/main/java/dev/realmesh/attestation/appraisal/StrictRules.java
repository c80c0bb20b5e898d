// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.SoftwareReference;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.EvidenceIntegrity;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.SoftwareComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Ours: all that was endorsed must be so, and no reference value hides another.
final class StrictRules implements AppraisalRules {
    @Override
    public void requireSound(CcaEvidence evidence, CoseKey trustAnchor) {
        EvidenceIntegrity.requireMatchingHashes(evidence, trustAnchor.curve());
    }

    /// Any endorsed configuration, in the bits that its mask counts; where none is endorsed, only an empty one will do.
    @Override
    public boolean approves(Bytes config, List<PlatformReference> references) {
        List<PlatformReference.PlatformConfig> endorsed = references.stream()
                .flatMap(reference -> reference.configs().stream())
                .toList();
        return endorsed.isEmpty() ? config.isEmpty() : endorsed.stream().anyMatch(each -> each.admits(config));
    }

    @Override
    public List<String> softwareProblems(PlatformClaims claims, List<PlatformReference> references) {
        List<SoftwareReference> endorsed = references.stream()
                .flatMap(reference -> reference.components().stream())
                .toList();
        List<String> problems = new ArrayList<>();
        for (SoftwareComponent component : claims.softwareComponents()) {
            List<SoftwareReference> candidates =
                    endorsed.stream().filter(each -> isOfCode(each, component)).toList();
            if (candidates.isEmpty()) {
                problems.add(component.shownType() + " is not endorsed");
            } else if (candidates.stream().noneMatch(each -> each.signerId().equals(component.signerId()))) {
                problems.add(component.shownType() + " is endorsed by another signer-id");
            }
        }
        Set<String> present = claims.softwareComponents().stream()
                .map(SoftwareComponent::type)
                .collect(Collectors.toSet());
        endorsed.stream()
                .map(SoftwareReference::name)
                .filter(name -> !name.isEmpty() && !present.contains(name))
                .distinct()
                .forEach(name -> problems.add(name + " is missing"));
        return problems;
    }

    private static boolean isOfCode(SoftwareReference endorsed, SoftwareComponent component) {
        return endorsed.digests().stream().anyMatch(digest -> digest.value().equals(component.measurement()))
                && endorsed.admits(component.type(), component.version());
    }

    @Override
    public RealmVerdict verdict(RealmClaims claims, List<RealmReference> references) {
        List<RealmReference> consistent =
                references.stream().filter(RealmReference::isConsistent).toList();
        if (consistent.isEmpty()) {
            return references.isEmpty() ? RealmVerdict.UNRECOGNIZED : RealmVerdict.CONTRADICTORY;
        }
        List<RealmReference> personalized = consistent.stream()
                .filter(reference -> reference.admitsRpv(claims.personalizationValue()))
                .toList();
        if (personalized.isEmpty()) {
            return RealmVerdict.CONTRAINDICATED;
        }
        return personalized.stream().anyMatch(reference -> reference.admitsRems(claims.extensibleMeasurements()))
                ? RealmVerdict.APPROVED
                : RealmVerdict.UNRECOGNIZED_AT_RUN_TIME;
    }
}
