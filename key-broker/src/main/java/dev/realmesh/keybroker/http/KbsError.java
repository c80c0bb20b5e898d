// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.mesh.http.HttpAnswer;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of refusal of Trustee's KBS, by the names of their problem types. A guest that is refused gets 401
/// whatever
/// the reason: its client takes anything else for a broken broker.
enum KbsError {
    ADMIN_AUTH_ACCESS("AdminAuthAccess"),

    /// Administrators refused on a plugin's path, which upstream names so.
    ADMIN_AUTH_INITIALIZATION("AdminAuthInitialization"),
    ATTESTATION_ERROR("AttestationError"),
    INVALID_REQUEST_PATH("InvalidRequestPath"),
    PARSE_POLICY_ERROR("ParsePolicyError"),
    PAYLOAD_TOO_LARGE("PayloadTooLarge"),
    PLUGIN_INTERNAL_ERROR("PluginInternalError"),
    PLUGIN_NOT_FOUND("PluginNotFound"),
    POLICY_DENY("PolicyDeny"),
    POLICY_ENGINE_ERROR("PolicyEngineError"),
    RVPS_ERROR("RvpsError"),
    SERDE_ERROR("SerdeError"),
    TOKEN_NOT_FOUND("TokenNotFound"),
    TOKEN_VERIFIER_ERROR("TokenVerifierError"),
    UNAVAILABLE("Unavailable");

    private static final String TYPES = "https://github.com/confidential-containers/kbs/errors/";

    private final String kind;

    KbsError(String kind) {
        this.kind = kind;
    }

    /// The refusal as a problem document (RFC 9457).
    HttpAnswer answer(int status, String detail) {
        ObjectNode problem = BoundedJson.newObject();
        problem.put("type", TYPES + kind);
        problem.put("detail", detail);
        return HttpAnswer.of(status, "application/problem+json", BoundedJson.bytes(problem));
    }
}
