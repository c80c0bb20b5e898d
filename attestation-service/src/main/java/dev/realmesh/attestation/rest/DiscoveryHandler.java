// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.policy.PolicyScheme;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/.well-known/veraison/{verification|provisioning|management}`: what is offered where, and the key that results are
/// verified
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
        mediaTypes(document, List.of(AppraisalRequest.MEDIA_TYPE));
        return cached(exchange, document, new Endpoint("newChallengeResponseSession", Paths.NEW_SESSION));
    }

    Answer provisioning(Exchange exchange) {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        mediaTypes(document, ProvisioningHandler.MEDIA_TYPES);
        return cached(exchange, document, new Endpoint("provisioningSubmit", Paths.SUBMIT));
    }

    Answer management(Exchange exchange) {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        for (PolicyScheme scheme : PolicyScheme.values()) {
            document.withArray("attestation-schemes").add(scheme.name());
        }
        return answer(
                exchange,
                document,
                new Endpoint("createPolicy", Paths.POLICY),
                new Endpoint("activatePolicy", Paths.ACTIVATE),
                new Endpoint("getActivePolicy", Paths.POLICY),
                new Endpoint("getPolicy", Paths.POLICY_OF_ID),
                new Endpoint("getPolicies", Paths.POLICIES),
                new Endpoint("deactivatePolicies", Paths.DEACTIVATE));
    }

    private static void mediaTypes(ObjectNode document, List<String> mediaTypes) {
        mediaTypes.forEach(document.putArray("media-types")::add);
    }

    /// `/.well-known/jwks.json`, as Trustee's attestation service has it, too.
    Answer tokenKeys(Exchange exchange) {
        exchange.requireAcceptable(JWK_SET);
        return Answer.json(200, JWK_SET, tokenKeys);
    }

    private record Endpoint(String name, String path) {}

    private Answer answer(Exchange exchange, ObjectNode document, Endpoint... endpoints) {
        exchange.requireAcceptable(MEDIA_TYPE);
        document.put("version", version).put("service-state", "READY");
        ObjectNode paths = document.putObject("api-endpoints");
        for (Endpoint endpoint : endpoints) {
            paths.put(endpoint.name(), endpoint.path());
        }
        return Answer.json(200, MEDIA_TYPE, document);
    }

    /// An answer that may be kept for a while; that of management may not, as with Veraison.
    private Answer cached(Exchange exchange, ObjectNode document, Endpoint endpoint) {
        return answer(exchange, document, endpoint)
                .with("Cache-Control", "max-age=" + MAX_AGE.toSeconds())
                .with("Expires", HTTP_DATE.format(clock.instant().plus(MAX_AGE)));
    }
}
