// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.RegistryException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Refusals as the distribution specification words them: a status and `{"errors":[{"code","message"}]}`.
///
/// @param status of the HTTP answer
/// @param code of the specification, "Error Codes"
/// @param message for people
record Errors(int status, String code, String message) {
    static final Errors NOT_FOUND = new Errors(404, "UNSUPPORTED", "path: names nothing here (expected: /v2/…)");
    static final Errors BUSY = new Errors(503, "TOOMANYREQUESTS", "requests: too many at once, try again");
    static final Errors UNAUTHORIZED =
            new Errors(401, "UNAUTHORIZED", "login: none that is known here (expected: user and password)");
    static final Errors FAILED = new Errors(500, "UNKNOWN", "storage: failed, see the service's log");

    private static final JsonMapper JSON = JsonMapper.shared();

    static Errors of(RegistryException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return switch (refusal) {
            case RegistryException.NameInvalid invalid -> new Errors(400, "NAME_INVALID", message);
            case RegistryException.NameUnknown unknown -> new Errors(404, "NAME_UNKNOWN", message);
            case RegistryException.ManifestUnknown unknown -> new Errors(404, "MANIFEST_UNKNOWN", message);
            case RegistryException.ManifestInvalid invalid -> new Errors(400, "MANIFEST_INVALID", message);
            case RegistryException.ManifestBlobUnknown unknown -> new Errors(400, "MANIFEST_BLOB_UNKNOWN", message);
            case RegistryException.BlobUnknown unknown -> new Errors(404, "BLOB_UNKNOWN", message);
            case RegistryException.UploadUnknown unknown -> new Errors(404, "BLOB_UPLOAD_UNKNOWN", message);
            case RegistryException.ChunkOutOfOrder order -> new Errors(416, "BLOB_UPLOAD_INVALID", message);
            case RegistryException.DigestInvalid invalid -> new Errors(400, "DIGEST_INVALID", message);
            case RegistryException.StorageFull full -> new Errors(507, "UNKNOWN", message);
            case RegistryException.LimitExceeded limit -> new Errors(413, "SIZE_INVALID", message);
        };
    }

    static Errors methodNotAllowed(String method) {
        return new Errors(405, "UNSUPPORTED", "method: " + method + " (expected: another one for this path)");
    }

    byte[] toJson() {
        return JSON.writeValueAsBytes(Map.of("errors", List.of(Map.of("code", code, "message", message))));
    }
}
