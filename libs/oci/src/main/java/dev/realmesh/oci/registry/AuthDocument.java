// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.Reference;
import java.util.Optional;
import java.util.function.Supplier;

/// Logins that are in no file, but in a document of the same form that is got whenever it is asked for.
public final class AuthDocument implements Logins {
    private final String place;
    private final Supplier<byte[]> content;

    /// @param place where the document is, for messages
    /// @param content gets it; what it throws is passed on
    public AuthDocument(String place, Supplier<byte[]> content) {
        this.place = place;
        this.content = content;
    }

    /// Whether it has a login for an image's repository.
    ///
    /// @throws RegistryClientException.BadAuthFile if it cannot be used
    public boolean has(Reference image) {
        return find(image.registry(), image.repository()).isPresent();
    }

    @Override
    public Optional<Login> find(String registry, String repository) {
        return AuthFile.parse(place, content.get()).find(registry, repository, Optional.empty());
    }

    /// Where it is; nothing of what it says.
    @Override
    public String toString() {
        return "logins of " + place;
    }
}
