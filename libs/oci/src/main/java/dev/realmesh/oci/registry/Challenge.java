// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One way in, as a `WWW-Authenticate` of a 401 offers it: RFC 9110 section 11.6.1.
///
/// @param scheme `basic`, `bearer` or another one
/// @param parameters by their names in lower case
record Challenge(String scheme, Map<String, String> parameters) {
    private static final int MAX_CHARACTERS = 8192;
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z_]{1,20})\\s?=\\s?(?:\"([^\"]{0,2048})\"|([^\\s,\"]{1,2048}))");

    Challenge {
        parameters = Map.copyOf(parameters);
    }

    /// Reads headers, one way each.
    static List<Challenge> of(List<String> headers) {
        return headers.stream()
                .filter(header -> header.length() <= MAX_CHARACTERS)
                .map(Challenge::parse)
                .toList();
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    private static Challenge parse(String header) {
        String text = header.strip();
        int space = text.indexOf(' ');
        String scheme = space < 0 ? text : text.substring(0, space);
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher matcher = PARAMETER.matcher(space < 0 ? "" : text.substring(space));
        while (matcher.find()) {
            String quoted = matcher.group(2);
            parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), quoted == null ? matcher.group(3) : quoted);
        }
        return new Challenge(scheme.toLowerCase(Locale.ROOT), parameters);
    }
}
