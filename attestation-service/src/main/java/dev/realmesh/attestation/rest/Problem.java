// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.attestation.appraisal.AppraisalException;
import dev.realmesh.attestation.session.SessionException;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Why a request is not served: a problem document (RFC 9457), with Veraison's status codes and titles.
final class Problem extends RuntimeException {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    private Problem(int status, String title, String detail) {
        this(Answer.json(
                status,
                MEDIA_TYPE,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("type", "about:blank")
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail)));
    }

    private Problem(Answer answer) {
        super(answer.content(), null, false, false);
        this.answer = answer;
    }

    static Problem badRequest(String detail) {
        return new Problem(400, "Bad Request", detail);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "Not Found", detail);
    }

    static Problem unauthorized() {
        return new Problem(
                401, "Unauthorized", "authorization: no or wrong token (expected: the service's admin token)");
    }

    static Problem notAcceptable(String offered) {
        return new Problem(406, "Not Acceptable", "the only supported output format is " + offered);
    }

    static Problem unsupportedMediaType(String detail) {
        return new Problem(415, "Unsupported Media Type", detail);
    }

    static Problem tooLarge() {
        return new Problem(413, "Request Entity Too Large", "body: too large (expected: less)");
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "Service Unavailable", detail);
    }

    /// The problem that an error of the domain is: the one place that knows both.
    static Problem of(RuntimeException e) {
        return switch (e) {
            case Problem problem -> problem;
            case SessionException refused -> of(refused);
            case AppraisalException.NotEvidence refused -> badRequest(String.valueOf(refused.getMessage()));
            case AppraisalException.Unavailable failed -> logged(failed, unavailable("verifier: not available"));
            case StorageException failed -> logged(failed, unavailable("database: not available"));
            case PolicyException refused -> of(refused);
            default -> internal(e);
        };
    }

    private static Problem of(SessionException e) {
        String detail = String.valueOf(e.getMessage());
        return switch (e) {
            case SessionException.NotFound unused -> notFound(detail);
            case SessionException.Used unused -> new Problem(409, "Conflict", detail);
            case SessionException.TooMany unused -> unavailable(detail);
        };
    }

    private static Problem of(PolicyException e) {
        String detail = String.valueOf(e.getMessage());
        return switch (e) {
            case PolicyException.Invalid unused -> badRequest(detail);
            case PolicyException.NotFound unused -> notFound(detail);
            case PolicyException.NoEngine unused -> new Problem(501, "Not Implemented", detail);
            case PolicyException.Unavailable unused -> logged(e, unavailable(detail));
        };
    }

    private static Problem internal(RuntimeException e) {
        return logged(
                e, new Problem(500, "Internal Server Error", "attestation-service: failed (expected: see its log)"));
    }

    private static Problem logged(RuntimeException e, Problem problem) {
        LOG.error("request failed", e);
        return problem;
    }

    /// This, with a header.
    Problem with(String header, String value) {
        return new Problem(answer.with(header, value));
    }

    Answer answer() {
        return answer;
    }
}
