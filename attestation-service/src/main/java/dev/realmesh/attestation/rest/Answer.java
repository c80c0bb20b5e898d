// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// An answer before it is sent.
///
/// @param status of HTTP
/// @param headers by name
/// @param content the body; may be empty
record Answer(int status, Map<String, String> headers, String content) {
    Answer {
        headers = Map.copyOf(headers);
    }

    /// A JSON document of a media type.
    static Answer json(int status, String mediaType, JsonNode document) {
        return new Answer(status, Map.of("Content-Type", mediaType), document.toString());
    }

    /// What every path and method gets that is not served.
    static Answer pageNotFound() {
        return new Answer(404, Map.of("Content-Type", "text/plain"), "404 page not found");
    }

    /// Without a body.
    static Answer empty(int status) {
        return new Answer(status, Map.of(), "");
    }

    /// This, with one header more.
    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, content);
    }
}
