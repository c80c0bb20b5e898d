// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What each role may do: the paths of the KBS protocol that its patterns match whole.
final class Roles {
    private static final int MAX_PATTERN = 256;

    private final Map<String, Pattern> paths;

    private Roles(Map<String, Pattern> paths) {
        this.paths = Map.copyOf(paths);
    }

    /// Reads `ROLE PATTERN` lines.
    ///
    /// @throws IllegalArgumentException if a line is something else, or a role is there twice
    static Roles parse(List<String> lines) {
        Map<String, Pattern> paths = new HashMap<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            if (blank < 1 || line.length() > MAX_PATTERN) {
                throw new IllegalArgumentException(
                        "roles: " + line + " (expected: ROLE PATTERN, at most " + MAX_PATTERN + " characters)");
            }
            if (paths.put(line.substring(0, blank), pattern(line.substring(blank + 1))) != null) {
                throw new IllegalArgumentException("roles: " + line + " (expected: each role once)");
            }
        }
        return new Roles(paths);
    }

    boolean allow(String role, String path) {
        Pattern allowed = paths.get(role);
        return allowed != null && allowed.matcher(path).matches();
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text.strip());
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("roles: " + text + " (expected: a regular expression)", e);
        }
    }
}
