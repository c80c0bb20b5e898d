// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a path of the distribution API names. Names are taken as they stand; whoever uses them checks them.
sealed interface Route {
    Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
    Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([^/]*)");
    Pattern UPLOADS = Pattern.compile("/v2/(.+)/blobs/uploads");
    Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/([^/]+)");
    Pattern REFERRERS = Pattern.compile("/v2/(.+)/referrers/([^/]+)");
    Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");

    /// The API's root: says that this is a registry.
    record Root() implements Route {}

    /// A manifest by tag or digest.
    record ManifestOf(String repository, String version) implements Route {}

    /// A blob by digest.
    record BlobOf(String repository, String digest) implements Route {}

    /// Where uploads begin.
    record UploadsOf(String repository) implements Route {}

    /// One upload.
    record UploadOf(String repository, String id) implements Route {}

    /// The tags of a repository.
    record TagsOf(String repository) implements Route {}

    /// What is about a manifest.
    record ReferrersOf(String repository, String digest) implements Route {}

    /// Reads a path, decoded; empty if it names nothing.
    static Optional<Route> parse(String path) {
        if (path.equals("/v2/") || path.equals("/v2")) {
            return Optional.of(new Root());
        }
        Matcher matcher = MANIFEST.matcher(path);
        if (matcher.matches()) {
            return Optional.of(new ManifestOf(matcher.group(1), matcher.group(2)));
        }
        matcher = UPLOAD.matcher(path);
        if (matcher.matches()) {
            String id = matcher.group(2);
            return Optional.of(id.isEmpty() ? new UploadsOf(matcher.group(1)) : new UploadOf(matcher.group(1), id));
        }
        matcher = UPLOADS.matcher(path);
        if (matcher.matches()) {
            return Optional.of(new UploadsOf(matcher.group(1)));
        }
        matcher = BLOB.matcher(path);
        if (matcher.matches()) {
            return Optional.of(new BlobOf(matcher.group(1), matcher.group(2)));
        }
        matcher = REFERRERS.matcher(path);
        if (matcher.matches()) {
            return Optional.of(new ReferrersOf(matcher.group(1), matcher.group(2)));
        }
        matcher = TAGS.matcher(path);
        return matcher.matches() ? Optional.of(new TagsOf(matcher.group(1))) : Optional.empty();
    }
}
