// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.mesh.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The Vault that keeps the secrets, or wraps the master key; section `key-broker.vault`.
///
/// @param address such as `https://vault.example:8200`; plain HTTP to loopback only; `address`, required
/// @param namespace its namespace; `namespace`, absent: the root one
/// @param ca PEM with the CAs that its certificate may be of; `ca`, absent: those of Java
/// @param tokenFile file with a token, of this broker's user alone, read again when the token ends; `token-file`
/// @param appRole role to log in with, in place of a token; `app-role`
/// @param timeout how long an answer may take, 1 s to 1 min; `timeout`, default 5s
/// @param kv where the secrets are; `kv`, absent: not in Vault
/// @param transit the key that wraps the master key; `transit`, absent: the master key is not wrapped
public record VaultConfig(
        String address,
        Optional<String> namespace,
        Optional<Path> ca,
        Optional<Path> tokenFile,
        Optional<AppRole> appRole,
        @Default("5s") Duration timeout,
        Optional<Kv> kv,
        Optional<Transit> transit) {
    private static final Pattern ADDRESS =
            Pattern.compile("https://[^/?#@\\s]+|http://(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
    private static final Pattern MOUNT = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_./-]{0,127}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");

    public VaultConfig {
        if (!ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException(
                    "address: another form (expected: https://HOST:PORT, or http:// to loopback)");
        }
        if (tokenFile.isPresent() == appRole.isPresent()) {
            throw new IllegalArgumentException("token-file, app-role: both or neither (expected: one of them)");
        }
        if (kv.isPresent() == transit.isPresent()) {
            throw new IllegalArgumentException("kv, transit: both or neither (expected: the secrets in Vault, or the"
                    + " master key that wraps them here)");
        }
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 1 s to 1 min)");
        }
    }

    /// A role of Vault's AppRole method; section `key-broker.vault.app-role`.
    ///
    /// @param mount where the method is mounted; `mount`, default approle
    /// @param roleId id of the role; `role-id`, required
    /// @param secretIdFile file with the role's secret id, of this broker's user alone; `secret-id-file`, required
    public record AppRole(@Default("approle") String mount, String roleId, Path secretIdFile) {
        public AppRole {
            requireName("mount", mount, MOUNT);
        }
    }

    /// A KV engine; section `key-broker.vault.kv`.
    ///
    /// @param mount where it is mounted; `mount`, default secret
    /// @param engineVersion its version, 1 or 2; `engine-version`, default 2
    public record Kv(
            @Default("secret") String mount, @Default("2") int engineVersion) {
        public Kv {
            requireName("mount", mount, MOUNT);
            if (engineVersion != 1 && engineVersion != 2) {
                throw new IllegalArgumentException("engine-version: " + engineVersion + " (expected: 1 or 2)");
            }
        }
    }

    /// A key of a transit engine; section `key-broker.vault.transit`.
    ///
    /// @param mount where the engine is mounted; `mount`, default transit
    /// @param key name of the key; `key`, required
    public record Transit(@Default("transit") String mount, String key) {
        public Transit {
            requireName("mount", mount, MOUNT);
            requireName("key", key, KEY);
        }
    }

    private static void requireName(String what, String name, Pattern form) {
        if (!form.matcher(name).matches() || name.contains("..") || name.endsWith("/")) {
            throw new IllegalArgumentException(what + ": " + name + " (expected: " + form.pattern() + ")");
        }
    }
}
