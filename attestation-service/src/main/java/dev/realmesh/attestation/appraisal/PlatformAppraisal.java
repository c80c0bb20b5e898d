// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.ReferenceDigest;
import dev.realmesh.cca.corim.SoftwareReference;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.SoftwareComponent;
import dev.realmesh.cca.token.TokenJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The trust vector of a genuine platform token: Veraison's rules, which compare neither signer-ids nor the order and
/// number of components, and know one reference value a digest (the newest).
final class PlatformAppraisal {
    private static final int GENUINE_HARDWARE = 2;
    private static final int TRUSTWORTHY = 2;
    private static final int UNTRUSTWORTHY = 96;
    private static final int APPROVED_CONFIG = 2;
    private static final int UNKNOWN_CONFIG = 32;
    private static final int APPROVED_BOOT = 2;
    private static final int UNRECOGNIZED_BOOT = 33;

    private PlatformAppraisal() {}

    static SubmodAppraisal of(PlatformClaims claims, List<PlatformReference> references) {
        List<String> problems = new ArrayList<>();
        TrustVector vector = TrustVector.NO_CLAIM.with(TrustClaim.HARDWARE, GENUINE_HARDWARE);
        boolean trustworthy = claims.lifecycle().isTrustworthy();
        if (!trustworthy) {
            problems.add("security lifecycle is " + claims.lifecycle());
        }
        int state = trustworthy ? TRUSTWORTHY : UNTRUSTWORTHY;
        vector = vector.with(TrustClaim.INSTANCE_IDENTITY, state)
                .with(TrustClaim.RUNTIME_OPAQUE, state)
                .with(TrustClaim.STORAGE_OPAQUE, state);

        boolean configured = claims.config().equals(endorsedConfig(references));
        if (!configured) {
            problems.add("platform configuration is not endorsed");
        }
        vector = vector.with(TrustClaim.CONFIGURATION, configured ? APPROVED_CONFIG : UNKNOWN_CONFIG);

        List<String> unknown = unknownComponents(claims, references);
        if (!unknown.isEmpty()) {
            problems.add("software is not endorsed: " + String.join(", ", unknown));
        }
        vector = vector.with(TrustClaim.EXECUTABLES, unknown.isEmpty() ? APPROVED_BOOT : UNRECOGNIZED_BOOT);
        return SubmodAppraisal.of(vector, ArmCcaScheme.POLICY, String.join("; ", problems))
                .annotated(TokenJson.annotate(claims));
    }

    /// The newest endorsed configuration; where none is endorsed, only an empty one will do.
    private static Bytes endorsedConfig(List<PlatformReference> references) {
        return references.stream()
                .flatMap(reference -> reference.configs().stream())
                .map(PlatformReference.PlatformConfig::value)
                .reduce(Bytes.EMPTY, (older, newer) -> newer);
    }

    private static List<String> unknownComponents(PlatformClaims claims, List<PlatformReference> references) {
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
                .map(component -> component.type().isEmpty() ? "(no type)" : component.type())
                .toList();
    }

    private static boolean isEndorsed(SoftwareComponent component, Optional<SoftwareReference> reference) {
        return reference
                .filter(endorsed -> endorsed.name().isEmpty() || endorsed.name().equals(component.type()))
                .filter(endorsed ->
                        endorsed.version().isEmpty() || endorsed.version().equals(component.version()))
                .isPresent();
    }
}
