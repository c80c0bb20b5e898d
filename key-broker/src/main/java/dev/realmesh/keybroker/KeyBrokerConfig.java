// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.keybroker.admin.AdminConfig;
import dev.realmesh.keybroker.http.HttpConfig;
import dev.realmesh.keybroker.keyprovider.KeyProviderConfig;
import dev.realmesh.keybroker.vault.VaultConfig;
import dev.realmesh.mesh.config.Default;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.storage.PostgresqlConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a broker is told; section `key-broker` of the configuration.
///
/// @param stateFolder folder of keys, token and secrets, made with mode 0700 if there is none; `state-folder`, required
/// @param earSignerKeys files with the public JWK of a verifier whose appraisals are believed, 1 to 16;
///     `ear-signer-keys`, required
/// @param sessionTime how long a session lasts from its challenge on, 1 s to 1 h; `session-time`, default 5m
/// @param maxSessions how many sessions may be open, 1 to 1,000,000; `max-sessions`, default 4096
/// @param verifierTimeout how long an appraisal may take, 100 ms to 5 min; `verifier-timeout`, default 20s
/// @param requirePinnedIdentity whether a Realm's initdata must pin this broker; `require-pinned-identity`, default
/// true
/// @param allowedInitdata personalization values of Realms that may have secrets, 64 bytes in hex each (for SHA-512,
/// the
///     digest of the initdata); `allowed-initdata`, default empty: any that pins this broker
/// @param database the PostgreSQL that it stores in; `database`, absent: SQLite in the state folder
/// @param http where the KBS protocol is served over HTTP; `http`, absent: it is not
/// @param admin administrators beside those with the admin token; `admin`, absent: none
/// @param keptVersions how many versions of a secret are kept, 1 to 100; `kept-versions`, default 1: a secret that is
///     replaced is gone
/// @param masterKeyFile file with the master key of instances that share a database, 32 bytes, mode 0600 (with
///     `vault.transit`, wrapped by that); to replace
/// it,
///     give each instance a file with the old key and the new one after it, then one with the new key first, then the
///     new one alone; `master-key-file`, absent: a key of its own in the state folder
/// @param keyProvider where layer keys are wrapped for who encrypts images; `key-provider`, absent: nowhere
/// @param vault the HashiCorp Vault that keeps the secrets, or wraps the master key; `vault`, absent: neither
/// @param opa the OPA that evaluates policies in Rego; `opa`, absent: there are none
/// @param verifierAdminTokenFile file with attestation-service's admin token, by which administrators of this broker
/// set
///     its policies and reference values; `verifier-admin-token-file`, absent: they cannot
public record KeyBrokerConfig(
        Path stateFolder,
        List<Path> earSignerKeys,
        @Default("5m") Duration sessionTime,
        @Default("4096") int maxSessions,
        @Default("20s") Duration verifierTimeout,
        @Default("true") boolean requirePinnedIdentity,
        @Default("") List<String> allowedInitdata,
        Optional<PostgresqlConfig> database,
        Optional<HttpConfig> http,
        Optional<AdminConfig> admin,
        @Default("1") int keptVersions,
        Optional<Path> masterKeyFile,
        Optional<KeyProviderConfig> keyProvider,
        Optional<VaultConfig> vault,
        Optional<OpaConfig> opa,
        Optional<Path> verifierAdminTokenFile) {
    private static final Pattern PERSONALIZATION_VALUE = Pattern.compile("[0-9a-fA-F]{128}");
    private static final int MAX_SIGNERS = 16;

    public KeyBrokerConfig {
        earSignerKeys = List.copyOf(earSignerKeys);
        allowedInitdata = List.copyOf(allowedInitdata);
        if (earSignerKeys.isEmpty() || earSignerKeys.size() > MAX_SIGNERS) {
            throw new IllegalArgumentException(
                    "ear-signer-keys: " + earSignerKeys.size() + " files (expected: 1-" + MAX_SIGNERS + ")");
        }
        requireBetween("session-time", sessionTime, Duration.ofSeconds(1), Duration.ofHours(1));
        requireBetween("verifier-timeout", verifierTimeout, Duration.ofMillis(100), Duration.ofMinutes(5));
        if (keptVersions < 1 || keptVersions > 100) {
            throw new IllegalArgumentException("kept-versions: " + keptVersions + " (expected: 1-100)");
        }
        requireMasterKey(database, masterKeyFile, vault.flatMap(VaultConfig::kv));
        if (maxSessions < 1 || maxSessions > 1_000_000) {
            throw new IllegalArgumentException("max-sessions: " + maxSessions + " (expected: 1-1000000)");
        }
        for (String value : allowedInitdata) {
            if (!PERSONALIZATION_VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "allowed-initdata: " + value.length() + " characters (expected: 128 hex digits)");
            }
        }
    }

    /// The defaults.
    public static KeyBrokerConfig withDefaults(Path stateFolder, List<Path> earSignerKeys) {
        return new KeyBrokerConfig(
                stateFolder,
                earSignerKeys,
                Duration.ofMinutes(5),
                4096,
                Duration.ofSeconds(20),
                true,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// This, with the KBS protocol over HTTP.
    public KeyBrokerConfig withHttp(HttpConfig served) {
        return with(Optional.of(served), keyProvider, vault, verifierAdminTokenFile);
    }

    /// This, with the key provider.
    public KeyBrokerConfig withKeyProvider(KeyProviderConfig served) {
        return with(http, Optional.of(served), vault, verifierAdminTokenFile);
    }

    /// This, with a Vault.
    public KeyBrokerConfig withVault(VaultConfig used) {
        return with(http, keyProvider, Optional.of(used), verifierAdminTokenFile);
    }

    /// This, whose administrators may change what attestation-service appraises by.
    public KeyBrokerConfig withVerifierAdminToken(Path file) {
        return with(http, keyProvider, vault, Optional.of(file));
    }

    private KeyBrokerConfig with(
            Optional<HttpConfig> otherHttp,
            Optional<KeyProviderConfig> otherKeyProvider,
            Optional<VaultConfig> otherVault,
            Optional<Path> otherToken) {
        return new KeyBrokerConfig(
                stateFolder,
                earSignerKeys,
                sessionTime,
                maxSessions,
                verifierTimeout,
                requirePinnedIdentity,
                allowedInitdata,
                database,
                otherHttp,
                admin,
                keptVersions,
                masterKeyFile,
                otherKeyProvider,
                otherVault,
                opa,
                otherToken);
    }

    private static void requireMasterKey(
            Optional<PostgresqlConfig> database, Optional<Path> file, Optional<VaultConfig.Kv> kv) {
        if (kv.isPresent() && file.isPresent()) {
            throw new IllegalArgumentException(
                    "master-key-file: there (expected: none with vault.kv, whose secrets are under no master key)");
        }
        if (database.isPresent() && file.isEmpty() && kv.isEmpty()) {
            throw new IllegalArgumentException(
                    "master-key-file: absent (expected: with database, the key that the instances share)");
        }
    }

    private static void requireBetween(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
