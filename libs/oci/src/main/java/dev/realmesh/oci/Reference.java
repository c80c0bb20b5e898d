// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.regex.Pattern;

/// Names an image, by the grammar of the distribution project: `[registry/]repository[:tag][@digest]`. Without a
/// registry it is an image of the mesh's own one; nothing is ever completed to Docker's. A digest outranks a tag.
///
/// @param registry host with optional port, or empty for the mesh's own
/// @param repository path components, lower case
/// @param version the tag or digest
public record Reference(String registry, String repository, Version version) {
    /// Longest reference, in characters.
    public static final int MAX_LENGTH = 512;

    /// Docker's registry, as references name it.
    public static final String DOCKER = "docker.io";

    private static final int MAX_REPOSITORY_LENGTH = 255;
    private static final Pattern REGISTRY = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9a-fA-F:]{2,45}])(?::[0-9]{1,5})?");
    private static final Pattern REPOSITORY = Pattern.compile(
            "[a-z0-9]++(?:(?:\\.|_{1,2}|-++)[a-z0-9]++)*+(?:/[a-z0-9]++(?:(?:\\.|_{1,2}|-++)[a-z0-9]++)*+)*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    public Reference {
        if (!registry.isEmpty() && !REGISTRY.matcher(registry).matches()) {
            throw new OciException.BadReference("registry: " + registry + " (expected: host[:port])");
        }
        if (!isRepository(repository)) {
            throw new OciException.BadReference(
                    "repository: " + repository + " (expected: lower-case components separated by /, at most "
                            + MAX_REPOSITORY_LENGTH + " characters)");
        }
    }

    /// Reads a reference; without tag and digest it means `latest`.
    ///
    /// @throws OciException.BadReference if it is not one
    public static Reference parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new OciException.BadReference(
                    "reference: " + text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        int slash = named.indexOf('/');
        String registry = slash > 0 && isRegistry(named.substring(0, slash)) ? named.substring(0, slash) : "";
        String path = registry.isEmpty() ? named : named.substring(slash + 1);
        int colon = path.indexOf(':');
        String repository = colon < 0 ? path : path.substring(0, colon);
        Version tag = new Tag(colon < 0 ? "latest" : path.substring(colon + 1));
        return new Reference(registry, repository, at < 0 ? tag : new ByDigest(digest(text.substring(at + 1))));
    }

    /// Whether the text is a repository's name, as registries accept it.
    public static boolean isRepository(String text) {
        return text.length() <= MAX_REPOSITORY_LENGTH
                && REPOSITORY.matcher(text).matches();
    }

    /// Whether the text is a tag.
    public static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    /// `registry/repository`, as signatures and policies name it; for the mesh's own registry the repository alone.
    public String name() {
        return registry.isEmpty() ? repository : registry + "/" + repository;
    }

    /// The repository as its registry's API names it: Docker's has its own images under `library/`.
    public String path() {
        return registry.equals(DOCKER) && repository.indexOf('/') < 0 ? "library/" + repository : repository;
    }

    /// Another version of the same repository's image.
    public Reference with(Version other) {
        return new Reference(registry, repository, other);
    }

    @Override
    public String toString() {
        return name() + version.suffix();
    }

    private static boolean isRegistry(String component) {
        return component.indexOf('.') >= 0
                || component.indexOf(':') >= 0
                || component.equals("localhost")
                || component.chars().anyMatch(Character::isUpperCase);
    }

    private static OciDigest digest(String text) {
        try {
            return OciDigest.parse(text);
        } catch (OciException.Malformed e) {
            throw new OciException.BadReference("reference, digest: not one (expected: sha256:… or sha512:…)", e);
        }
    }

    /// Which version of the repository's image.
    public sealed interface Version {
        /// What stands behind the repository's name in a reference.
        String suffix();
    }

    /// The one that a tag names now.
    ///
    /// @param name at most 128 characters
    public record Tag(String name) implements Version {
        public Tag {
            if (!isTag(name)) {
                throw new OciException.BadReference(
                        "tag: " + name + " (expected: at most 128 of letters, digits, _, . and -)");
            }
        }

        @Override
        public String suffix() {
            return ":" + name;
        }
    }

    /// The one that a digest names for ever.
    ///
    /// @param digest of the manifest or index
    public record ByDigest(OciDigest digest) implements Version {
        @Override
        public String suffix() {
            return "@" + digest;
        }
    }
}
