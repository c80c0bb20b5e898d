// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.regex.Pattern;

/// The place of a resource in a broker: `repository/type/tag`, exactly three names. A name starts with a letter, digit,
/// `_` or `-` and goes on with those and `.`: so no name is `..`, empty, hidden or escaped, and a path stays a path in
/// any
/// store.
///
/// @param repository first name; 1 to 128 characters
/// @param type second name; 1 to 128 characters
/// @param tag third name; 1 to 128 characters
public record ResourcePath(String repository, String type, String tag) implements Comparable<ResourcePath> {
    /// Longest name, in characters.
    public static final int MAX_NAME_LENGTH = 128;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0," + (MAX_NAME_LENGTH - 1) + "}");
    private static final int MAX_LENGTH = 3 * MAX_NAME_LENGTH + 2;

    public ResourcePath {
        requireName("repository", repository);
        requireName("type", type);
        requireName("tag", tag);
    }

    /// Reads `repository/type/tag`.
    ///
    /// @throws KbsException.Malformed if it is anything else
    public static ResourcePath parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new KbsException.Malformed(
                    "resource path", text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        String[] names = text.split("/", -1);
        if (names.length != 3) {
            throw new KbsException.Malformed("resource path", names.length + " names (expected: repository/type/tag)");
        }
        return new ResourcePath(names[0], names[1], names[2]);
    }

    @Override
    public int compareTo(ResourcePath other) {
        return toString().compareTo(other.toString());
    }

    /// `repository/type/tag`.
    @Override
    public String toString() {
        return repository + "/" + type + "/" + tag;
    }

    private static void requireName(String part, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new KbsException.Malformed("resource path", part + " is no name (expected: " + NAME.pattern() + ")");
        }
    }
}
