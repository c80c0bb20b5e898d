// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import dev.realmesh.mesh.config.Default;
import dev.realmesh.remote.Patience;
import dev.realmesh.remote.RemoteAccess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where an OPA is; section `opa` of a service.
///
/// @param url base URL of its REST API, such as `http://127.0.0.1:8181`; `url`, required
/// @param tokenFile file with the bearer token that requests show; `token-file`, absent: none is shown
/// @param ca file with the certificates, PEM, that its TLS must lead up to; `ca`, absent: those that Java trusts
/// @param timeout how long one answer may take, 100 ms to 5 min; `timeout`, default 3s
/// @param attempts how often an evaluation is tried while OPA does not answer, 1 to 10; `attempts`, default 3
public record OpaConfig(
        URI url,
        Optional<Path> tokenFile,
        Optional<Path> ca,
        @Default("3s") Duration timeout,
        @Default("3") int attempts) {
    public OpaConfig {
        RemoteAccess.requireUrl("url", url);
        RemoteAccess.requireTimeout(timeout);
        Patience.requireAttempts(attempts);
    }

    /// An OPA without authentication, by the defaults.
    public static OpaConfig of(URI url) {
        return new OpaConfig(url, Optional.empty(), Optional.empty(), Duration.ofSeconds(3), 3);
    }

    /// How it is got at.
    RemoteAccess access() {
        return new RemoteAccess(ca, tokenFile.map(file -> new RemoteAccess.Authorization("Bearer ", file)), timeout);
    }
}
