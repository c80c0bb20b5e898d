// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.util.Optional;

/// Who a client is at registries that ask for it.
public sealed interface Logins permits AuthFiles, AuthDocument {
    /// The login for a repository; asked for whenever a registry wants one.
    ///
    /// @param registry as references have it
    /// @param repository its name there
    /// @throws RegistryClientException.BadAuthFile if what has the logins cannot be used
    Optional<Login> find(String registry, String repository);
}
