// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rest;

import dev.realmesh.kbs.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// An answer to the workload, with upstream's words for what went wrong.
///
/// @param status of HTTP
/// @param contentType none with errors, as upstream
/// @param body closed once it is sent
record Answer(int status, Optional<String> contentType, SecretBytes body) {
    static Answer bytes(SecretBytes body) {
        return new Answer(200, Optional.of("application/octet-stream"), body);
    }

    static Answer bytes(byte[] body) {
        return bytes(SecretBytes.copyOf(body));
    }

    static Answer json(byte[] body) {
        return new Answer(200, Optional.of("application/json"), SecretBytes.copyOf(body));
    }

    static Answer badRequest() {
        return error(400, "BAD REQUEST");
    }

    static Answer forbidden() {
        return error(403, "Forbidden");
    }

    static Answer notFound() {
        return error(404, "URL NOT FOUND");
    }

    /// @param feature what the Realm's initdata does not let the workload have
    static Answer notEnabled(String feature) {
        return error(404, feature + " Feature Not Enabled");
    }

    static Answer notAllowed() {
        return error(405, "Method Not Allowed");
    }

    static Answer tooLarge() {
        return error(413, "Payload Too Large");
    }

    static Answer busy() {
        return error(503, "Service Unavailable");
    }

    /// @param message why; never a secret
    static Answer failed(String message) {
        return error(500, message);
    }

    private static Answer error(int status, String message) {
        return new Answer(status, Optional.empty(), SecretBytes.taking(message.getBytes(StandardCharsets.UTF_8)));
    }
}
