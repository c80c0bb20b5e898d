// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where a repository keeps what it knows of: `_manifests/<algorithm>/<hex>` holds a manifest's media type,
/// `_tags/<tag>` its digest; `_blobs/<algorithm>/<hex>` and `_referrers/<algorithm>-<hex of the
/// subject>/<algorithm>/<hex>`
/// are empty.
record RepositoryFiles(Path folder) {
    private static final String MANIFESTS = "_manifests";

    /// Those of a repository.
    ///
    /// @throws RegistryException.NameInvalid if it cannot have any
    static RepositoryFiles of(Path repositories, String name) {
        Names.checkRepository(name);
        return new RepositoryFiles(repositories.resolve(name));
    }

    /// Those of all repositories.
    static List<RepositoryFiles> all(Path repositories) throws IOException {
        try (Stream<Path> folders = Files.walk(repositories)) {
            return folders.filter(folder ->
                            Files.isDirectory(folder.resolve(MANIFESTS)) || Files.isDirectory(folder.resolve("_blobs")))
                    .map(RepositoryFiles::new)
                    .toList();
        }
    }

    boolean hasManifests() {
        return Files.isDirectory(folder.resolve(MANIFESTS));
    }

    /// Whether it names a blob, as such or as a manifest.
    boolean names(OciDigest digest) {
        return Files.exists(blob(digest)) || Files.exists(manifest(digest));
    }

    Path manifest(OciDigest digest) {
        return file(folder.resolve(MANIFESTS), digest);
    }

    Path blob(OciDigest digest) {
        return file(folder.resolve("_blobs"), digest);
    }

    Path tags() {
        return folder.resolve("_tags");
    }

    Path tag(Reference.Tag tag) {
        return tags().resolve(tag.name());
    }

    Path referrers(OciDigest subject) {
        return folder.resolve("_referrers").resolve(subject.algorithm().prefix() + "-" + subject.hex());
    }

    Path referrer(OciDigest subject, OciDigest manifest) {
        return file(referrers(subject), manifest);
    }

    private static Path file(Path folder, OciDigest digest) {
        return folder.resolve(digest.algorithm().prefix()).resolve(digest.hex());
    }
}
