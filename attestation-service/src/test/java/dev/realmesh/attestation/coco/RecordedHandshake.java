// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.proto.coco.attestation.AttestationRequest;
import dev.realmesh.proto.coco.attestation.IndividualAttestationRequest;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A handshake of a CCA guest with a real Trustee KBS, as that would pass it on to an attestation service by gRPC.
record RecordedHandshake(JsonNode attestation, JsonNode answer) {
    static RecordedHandshake of(String file) {
        JsonNode recorded = json(Vectors.text("coco/kbs-http/" + file));
        JsonNode exchange = (recorded.isArray() ? recorded : recorded.required("exchanges"))
                .valueStream()
                .filter(each ->
                        each.required("request").required("path").stringValue().equals("/kbs/v0/attest"))
                .findFirst()
                .orElseThrow();
        return new RecordedHandshake(
                json(exchange.required("request").required("body").stringValue()),
                json(exchange.required("response").required("body").stringValue()));
    }

    /// What `kbs/src/attestation/coco/grpc.rs` of Trustee makes of it.
    IndividualAttestationRequest.Builder verification() {
        JsonNode runtimeData = attestation.required("runtime-data");
        ObjectNode bound = JsonMapper.shared().createObjectNode();
        bound.set("tee-pubkey", runtimeData.required("tee-pubkey"));
        bound.set("nonce", runtimeData.required("nonce"));
        bound.set("additional-evidence", attestation.required("tee-evidence").required("additional_evidence"));
        IndividualAttestationRequest.Builder request = IndividualAttestationRequest.newBuilder()
                .setTee("cca")
                .setEvidence(base64(attestation
                        .required("tee-evidence")
                        .required("primary_evidence")
                        .toString()))
                .setRuntimeDataHashAlgorithm("sha384")
                .setStructuredRuntimeData(bound.toString());
        if (attestation.has("init-data")) {
            request.setInitDataToml(
                    attestation.required("init-data").required("body").stringValue());
        }
        return request;
    }

    AttestationRequest request() {
        return request(verification());
    }

    static AttestationRequest request(IndividualAttestationRequest.Builder verification) {
        return AttestationRequest.newBuilder()
                .addVerificationRequests(verification)
                .addPolicyIds("default")
                .build();
    }

    /// The claims of the token that the real attestation service gave.
    JsonNode recordedClaims() {
        return claims(answer.required("token").stringValue());
    }

    static JsonNode claims(String jwt) {
        return json(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]), StandardCharsets.UTF_8));
    }

    /// The token with claims that its signature is not of.
    static String withOtherClaims(String jwt) {
        String[] parts = jwt.split("\\.");
        return parts[0] + "." + base64("{}") + "." + parts[2];
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
