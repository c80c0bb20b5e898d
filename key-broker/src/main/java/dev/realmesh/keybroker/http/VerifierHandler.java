// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.keybroker.verifier.AdministerVerifier;
import dev.realmesh.keybroker.verifier.VerifierException;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/kbs/v0/attestation-policy` and `/kbs/v0/reference-value`: what administrators change and read at the verifier.
final class VerifierHandler {
    /// Largest message of the reference value provider, in bytes.
    static final int MAX_MESSAGE = 2 << 20;

    private static final String JSON = "application/json";
    private static final String POLICY_FAILED = "Attestation error: Set Attestation Policy failed: ";
    private static final String VALUES_FAILED = "RVPS configuration failed: Failed to ";

    private final AdministerVerifier verifier;
    private final AdministratorCalls calls;

    VerifierHandler(AdministerVerifier verifier, Administrators administrators) {
        this.verifier = verifier;
        this.calls = new AdministratorCalls(administrators, KbsError.ADMIN_AUTH_ACCESS);
    }

    /// Sets a policy that evidence is appraised by.
    HttpAnswer setPolicy(HttpRequest request) {
        return calls.answer(request, administrator -> {
            String id;
            String policy;
            try {
                ObjectNode asked = PolicyRequest.json(request.body());
                id = PolicyRequest.text(asked, "policy_id");
                policy = PolicyRequest.text(asked, "policy");
            } catch (KbsException e) {
                return KbsError.ATTESTATION_ERROR.answer(401, POLICY_FAILED + e.getMessage());
            }
            return step(KbsError.ATTESTATION_ERROR, POLICY_FAILED, () -> {
                verifier.setPolicy(id, policy, administrator.actor());
                return HttpAnswer.empty(200);
            });
        });
    }

    /// Stores reference values.
    HttpAnswer register(HttpRequest request) {
        return calls.answer(request, administrator -> {
            String message;
            try {
                message = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(request.body()))
                        .toString();
            } catch (CharacterCodingException e) {
                return KbsError.RVPS_ERROR.answer(401, VALUES_FAILED + "parse reference value message: not UTF-8");
            }
            return step(KbsError.RVPS_ERROR, VALUES_FAILED + "register reference value: ", () -> {
                verifier.registerReferenceValues(message, administrator.actor());
                return HttpAnswer.empty(200);
            });
        });
    }

    /// The reference value of an id, the rest of the path.
    HttpAnswer referenceValue(HttpRequest request, String id) {
        String failed = VALUES_FAILED + "get reference_values: ";
        return calls.answer(
                request,
                administrator -> step(
                        KbsError.RVPS_ERROR,
                        failed,
                        () -> verifier.referenceValue(id)
                                .map(VerifierHandler::value)
                                .orElseGet(() -> KbsError.RVPS_ERROR.answer(
                                        401, failed + "No reference value found for the given id"))));
    }

    private static HttpAnswer value(String json) {
        try {
            return HttpAnswer.of(
                    200,
                    JSON,
                    JsonMapper.shared().writeValueAsBytes(JsonMapper.shared().readTree(json)));
        } catch (JacksonException e) {
            return KbsError.SERDE_ERROR.answer(502, "Serialize/Deserialize failed");
        }
    }

    private static HttpAnswer step(KbsError kind, String failed, Supplier<HttpAnswer> work) {
        try {
            return work.get();
        } catch (VerifierException e) {
            String detail = failed + e.getMessage();
            return switch (e) {
                case VerifierException.Refused refused -> kind.answer(401, detail);
                case VerifierException.NotAllowed refused -> kind.answer(501, detail);
                case VerifierException.Unavailable away -> KbsError.UNAVAILABLE.answer(503, detail);
            };
        }
    }
}
