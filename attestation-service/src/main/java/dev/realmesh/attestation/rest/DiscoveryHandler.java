// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.attestation.appraisal.AppraisalRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/.well-known/veraison/{verification|provisioning}`: what is offered where, and the key that results are verified
/// with.
final class DiscoveryHandler {
    private static final String MEDIA_TYPE = "application/vnd.veraison.discovery+json";
    private static final String JWK_SET = "application/json";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Duration MAX_AGE = Duration.ofSeconds(60);

    private final JsonNode verificationKey;
    private final JsonNode tokenKeys;
    private final String version;
    private final InstantSource clock;

    DiscoveryHandler(RestServer.Keys keys, String version, InstantSource clock) {
        this.verificationKey = JsonMapper.shared().readTree(keys.ears());
        this.tokenKeys = JsonMapper.shared().readTree(keys.tokens());
        this.version = version;
        this.clock = clock;
    }

    Answer verification(Exchange exchange) {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        document.set("ear-verification-key", verificationKey);
        return answer(
                exchange,
                document,
                List.of(AppraisalRequest.MEDIA_TYPE),
                new Endpoint("newChallengeResponseSession", Paths.NEW_SESSION));
    }

    Answer provisioning(Exchange exchange) {
        return answer(
                exchange,
                JsonMapper.shared().createObjectNode(),
                ProvisioningHandler.MEDIA_TYPES,
                new Endpoint("provisioningSubmit", Paths.SUBMIT));
    }

    /// `/.well-known/jwks.json`, as Trustee's attestation service has it, too.
    Answer tokenKeys(Exchange exchange) {
        exchange.requireAcceptable(JWK_SET);
        return Answer.json(200, JWK_SET, tokenKeys);
    }

    private record Endpoint(String name, String path) {}

    private Answer answer(Exchange exchange, ObjectNode document, List<String> mediaTypes, Endpoint endpoint) {
        exchange.requireAcceptable(MEDIA_TYPE);
        mediaTypes.forEach(document.putArray("media-types")::add);
        document.put("version", version).put("service-state", "READY");
        document.putObject("api-endpoints").put(endpoint.name(), endpoint.path());
        return Answer.json(200, MEDIA_TYPE, document)
                .with("Cache-Control", "max-age=" + MAX_AGE.toSeconds())
                .with("Expires", HTTP_DATE.format(clock.instant().plus(MAX_AGE)));
    }
}
