// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.keybroker.admin.AdminException;
import dev.realmesh.keybroker.rcar.RcarException;
import dev.realmesh.keybroker.release.ReleaseException;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpRefusals;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is refused outside of a step that has words of its own for it.
final class Refusals implements HttpRefusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    @Override
    public HttpAnswer of(RuntimeException e) {
        return switch (e) {
            case KbsException refused -> KbsError.PLUGIN_INTERNAL_ERROR.answer(401, message(refused));
            case AdminException refused -> KbsError.ADMIN_AUTH_ACCESS.answer(401, message(refused));
            case RcarException refused -> ofHandshake("", refused);
            case ReleaseException.Denied refused -> KbsError.POLICY_DENY.answer(401, "Access denied by policy");
            case ReleaseException.Undecided failed -> KbsError.UNAVAILABLE.answer(503, message(failed));
            case ReleaseException.NotFound refused -> KbsError.PLUGIN_INTERNAL_ERROR.answer(401, message(refused));
            case ResourceException.WrongSize refused -> KbsError.PLUGIN_INTERNAL_ERROR.answer(400, message(refused));
            case ResourceException.VaultAway away -> KbsError.UNAVAILABLE.answer(503, message(away));
            case StorageException failed -> {
                LOG.error("database", failed);
                yield KbsError.UNAVAILABLE.answer(503, "database: not available (expected: see key-broker's log)");
            }
            default -> {
                LOG.error("request failed", e);
                yield KbsError.PLUGIN_INTERNAL_ERROR.answer(500, "key-broker: failed (expected: see its log)");
            }
        };
    }

    /// A step of the handshake that did not go on. What is not the guest's fault is no 401: it may try again.
    ///
    /// @param step what begins the detail
    static HttpAnswer ofHandshake(String step, RcarException e) {
        LOG.info("{}{}", step, e.getMessage());
        String detail = step + message(e);
        return switch (e) {
            case RcarException.TooManySessions busy -> KbsError.UNAVAILABLE.answer(503, detail);
            case RcarException.VerifierUnavailable away -> KbsError.UNAVAILABLE.answer(503, detail);
            case RcarException.VerifierTimedOut slow -> KbsError.UNAVAILABLE.answer(504, detail);
            case RcarException.VerifierFailed failed -> KbsError.UNAVAILABLE.answer(502, detail);
            case RcarException refused -> KbsError.ATTESTATION_ERROR.answer(401, detail);
        };
    }

    /// A policy that is not stored or put in force.
    static HttpAnswer ofPolicy(PolicyException e) {
        LOG.info("policy refused: {}", e.getMessage());
        String detail = "Policy engine error: Failed to load policy: " + message(e);
        return switch (e) {
            case PolicyException.Invalid refused -> KbsError.POLICY_ENGINE_ERROR.answer(401, detail);
            case PolicyException.NotFound refused -> KbsError.POLICY_ENGINE_ERROR.answer(401, detail);
            case PolicyException.NoEngine refused -> KbsError.POLICY_ENGINE_ERROR.answer(501, detail);
            case PolicyException.Unavailable away -> KbsError.UNAVAILABLE.answer(503, detail);
        };
    }

    @Override
    public HttpAnswer of(int status) {
        return switch (status) {
            case 404 -> HttpAnswer.empty(404);
            case 405 -> HttpAnswer.empty(405).with("Allow", "GET, POST, PUT, DELETE");
            case 413 -> KbsError.PAYLOAD_TOO_LARGE.answer(413, "payload reached size limit");
            case 503 -> KbsError.UNAVAILABLE.answer(503, "requests: too many at once, or not answered in time");
            default -> KbsError.INVALID_REQUEST_PATH.answer(status, "request: malformed (expected: HTTP)");
        };
    }

    private static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }
}
