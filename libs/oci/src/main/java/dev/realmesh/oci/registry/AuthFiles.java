// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Files with the logins at registries, as `podman login`, `skopeo login` and `docker login` write them:
/// containers-auth.json(5). They are read each time that a registry asks for a login, so that what is in them may
/// change.
///
/// @param files the first one that has a login counts; one that is not there has none
public record AuthFiles(List<Path> files) implements Logins {
    /// No logins.
    public static final AuthFiles NONE = new AuthFiles(List.of());

    public AuthFiles {
        files = List.copyOf(files);
    }

    /// A file that must be there.
    ///
    /// @throws RegistryClientException.BadAuthFile if it cannot be used
    public static AuthFiles of(Path file) {
        if (!Files.isReadable(file)) {
            throw new RegistryClientException.BadAuthFile(
                    file.toString(), "cannot be read (expected: a file with logins)");
        }
        AuthFile.read(file);
        return new AuthFiles(List.of(file));
    }

    @Override
    public Optional<Login> find(String registry, String repository) {
        return files.stream()
                .filter(Files::exists)
                .map(file -> AuthFile.read(file).find(registry, repository))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
