// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A resource as images, sealed secrets and configurations name it: `kbs://[host[:port]]/repository/type/tag`, where
/// `kbs+resource` says the same. The host is read and dropped: which broker is asked is pinned by initdata, never by
/// the
/// document that names a key.
///
/// @param path the resource in the broker
public record ResourceUri(ResourcePath path) {
    private static final Pattern FORM =
            Pattern.compile("kbs(?:\\+resource)?://(?:[A-Za-z0-9.\\[\\]:-]{1,255})?/([^?#]*)");
    private static final int MAX_LENGTH = 1024;

    /// Reads a URI.
    ///
    /// @throws KbsException.Malformed if it is not a URI of the resource plugin, has a query, or its path is no path
    public static ResourceUri parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new KbsException.Malformed(
                    "resource URI", text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new KbsException.Malformed("resource URI", "another form (expected: kbs:///repository/type/tag)");
        }
        return new ResourceUri(ResourcePath.parse(form.group(1)));
    }

    /// `kbs:///repository/type/tag`.
    @Override
    public String toString() {
        return "kbs:///" + path;
    }
}
