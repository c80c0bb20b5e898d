// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import com.google.common.net.MediaType;
import dev.realmesh.attestation.endorsement.EndorsementException;
import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.attestation.media.MediaTypes;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.CorimProfile;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/endorsement-provisioning/v1/submit`: a CoRIM is taken, or it is said why not; both are HTTP 200.
final class ProvisioningHandler {
    /// The types of CoRIM that are taken.
    static final List<String> MEDIA_TYPES = Arrays.stream(CorimProfile.values())
            .flatMap(profile -> Stream.of(profile.mediaType(), profile.signedMediaType()))
            .toList();

    private static final String MEDIA_TYPE = "application/vnd.veraison.provisioning-session+json";

    private final Provisioning provisioning;
    private final InstantSource clock;

    ProvisioningHandler(Provisioning provisioning, InstantSource clock) {
        this.provisioning = provisioning;
        this.clock = clock;
    }

    Answer submit(Exchange exchange) {
        exchange.requireAcceptable(MEDIA_TYPE);
        Bytes corim = exchange.body();
        if (corim.isEmpty()) {
            throw Problem.badRequest("empty body");
        }
        String type = supported(exchange.contentType());
        try {
            provisioning.submit(corim, type);
            return answer("success", "");
        } catch (EndorsementException e) {
            return answer("failed", "submit endorsement returned error: " + e.getMessage());
        }
    }

    private static String supported(MediaType type) {
        return MEDIA_TYPES.stream()
                .filter(each -> MediaTypes.isSame(type.toString(), each))
                .findFirst()
                .orElseThrow(() -> Problem.unsupportedMediaType("no active plugin found for " + type)
                        .with("Accept", String.join(", ", MEDIA_TYPES)));
    }

    private Answer answer(String status, String reason) {
        ObjectNode document = JsonMapper.shared()
                .createObjectNode()
                .put("status", status)
                .put("expiry", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (!reason.isEmpty()) {
            document.put("failure-reason", reason);
        }
        return Answer.json(200, MEDIA_TYPE, document);
    }
}
