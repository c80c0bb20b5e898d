// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A request of the workload.
///
/// @param method such as `GET`
/// @param path as it was sent, escapes and all
/// @param parameters of the query, decoded
/// @param body text of at most [#MAX_BODY_BYTES] bytes
record Question(String method, String path, Map<String, String> parameters, String body) {
    /// Largest body, in bytes.
    static final int MAX_BODY_BYTES = 64 << 10;

    /// Reads the parameters of a query.
    ///
    /// @throws IllegalArgumentException if an escape is none
    static Map<String, String> parameters(Optional<String> query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.orElse("").split("&", -1)) {
            String[] sides = pair.split("=", 2);
            parameters.put(decoded(sides[0]), sides.length == 2 ? decoded(sides[1]) : "");
        }
        return Map.copyOf(parameters);
    }

    /// A parameter's value, if it was given.
    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    boolean isGet() {
        return method.equals("GET");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
