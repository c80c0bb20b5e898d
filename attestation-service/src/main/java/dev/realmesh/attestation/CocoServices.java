// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import dev.realmesh.attestation.appraisal.AppraiseEvidence;
import dev.realmesh.attestation.coco.AttestationPolicies;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.attestation.coco.EvaluateEvidence;
import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.attestation.grpc.CocoAttestationGrpc;
import dev.realmesh.attestation.grpc.CocoGuard;
import dev.realmesh.attestation.grpc.CocoReferenceGrpc;
import dev.realmesh.attestation.reference.ReferenceValueProvider;
import dev.realmesh.attestation.reference.ReferenceValues;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.storage.Database;
import io.grpc.BindableService;
import java.time.InstantSource;
import java.util.List;

/// Trustee's API, as it is served in two places.
///
/// @param bus services of the bus, where administration always takes the admin token
/// @param edge services of the edge, where the configuration says whether it does
record CocoServices(List<BindableService> bus, List<BindableService> edge) {
    CocoServices {
        bus = List.copyOf(bus);
        edge = List.copyOf(edge);
    }

    /// What the API is an interface to.
    ///
    /// @param key signs the tokens
    /// @param token what administration asks for
    record Parts(
            AppraiseEvidence appraisals,
            Provisioning provisioning,
            Database database,
            EarSigningKey key,
            AdminToken token,
            InstantSource clock) {}

    static CocoServices of(CocoConfig config, Parts parts) {
        EvaluateEvidence evaluation = new EvaluateEvidence(
                parts.appraisals(),
                parts.key(),
                new EvaluateEvidence.Issuer(config.issuer(), config.tokenDuration()),
                parts.clock());
        ReferenceValueProvider references =
                new ReferenceValueProvider(new ReferenceValues(parts.database(), parts.clock()), parts.provisioning());
        List<BindableService> open = List.of(
                new CocoAttestationGrpc(evaluation, new AttestationPolicies()), new CocoReferenceGrpc(references));
        List<BindableService> guarded = open.stream()
                .map(service -> CocoGuard.guarded(service, parts.token()))
                .toList();
        return new CocoServices(
                guarded,
                switch (config.administration()) {
                    case GUARDED -> guarded;
                    case OPEN -> open;
                });
    }
}
