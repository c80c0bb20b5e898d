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
/// @param helpers runs the programs that they name; absent: a login that is with one is refused
public record AuthFiles(List<Path> files, Optional<CredentialHelpers> helpers) implements Logins {
    /// No logins.
    public static final AuthFiles NONE = new AuthFiles(List.of());

    public AuthFiles {
        files = List.copyOf(files);
    }

    /// Without helpers.
    public AuthFiles(List<Path> files) {
        this(files, Optional.empty());
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

    /// With the programs that they name, for files of the person who runs this process.
    public AuthFiles withHelpers(CredentialHelpers programs) {
        return new AuthFiles(files, Optional.of(programs));
    }

    @Override
    public Optional<Login> find(String registry, String repository) {
        return files.stream()
                .filter(Files::exists)
                .map(file -> AuthFile.read(file).find(registry, repository, helpers))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
