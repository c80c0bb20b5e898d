// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import dev.realmesh.mesh.config.Default;
import dev.realmesh.remote.Patience;
import dev.realmesh.remote.RemoteAccess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where a Veraison is, and how far it is trusted; section `attestation-service.veraison`.
///
/// @param verification base URL of its verification service, such as `https://veraison.example:8443`;
///     `verification`, required
/// @param provisioning base URL of its provisioning service; `provisioning`, absent: endorsements are not passed on
/// @param earKey file with the public JWK that its results must be signed by; `ear-key`, required
/// @param certificates file with the certificates, PEM, that its TLS must lead up to; `certificates`, absent: those
///     that Java trusts
/// @param authorization file with the value of the `Authorization` header, such as `Bearer …`; `authorization`, absent:
///     none is sent
/// @param timeout how long one answer may take, 100 ms to 5 min; `timeout`, default 10s
/// @param attempts how often an appraisal is tried while Veraison does not answer, 1 to 10; `attempts`, default 3
public record VeraisonConfig(
        URI verification,
        Optional<URI> provisioning,
        Path earKey,
        Optional<Path> certificates,
        Optional<Path> authorization,
        @Default("10s") Duration timeout,
        @Default("3") int attempts) {
    public VeraisonConfig {
        RemoteAccess.requireUrl("verification", verification);
        provisioning.ifPresent(url -> RemoteAccess.requireUrl("provisioning", url));
        RemoteAccess.requireTimeout(timeout);
        Patience.requireAttempts(attempts);
    }

    /// A Veraison without authentication, by the defaults.
    public static VeraisonConfig of(URI verification, Path earKey) {
        return new VeraisonConfig(
                verification, Optional.empty(), earKey, Optional.empty(), Optional.empty(), Duration.ofSeconds(10), 3);
    }

    /// How it is got at.
    RemoteAccess access() {
        return new RemoteAccess(
                certificates, authorization.map(file -> new RemoteAccess.Authorization("", file)), timeout);
    }
}
