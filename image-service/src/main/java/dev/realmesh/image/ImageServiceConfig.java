// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import dev.realmesh.image.connect.ConnectHosts;
import dev.realmesh.image.delivery.Mirrors;
import dev.realmesh.image.http.Accounts;
import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.mesh.config.Default;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.oci.registry.AuthFiles;
import dev.realmesh.oci.registry.Backoff;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Settings of the image service; section `image-service`.
///
/// @param store folder that holds the images; `store`, default data/images
/// @param registryHost address that the OCI distribution API listens on; `registry-host`, default 127.0.0.1
/// @param registryPort its port, 0 for any free one; `registry-port`, default 5000
/// @param registryTls its certificate; `registry-tls`, absent: plain HTTP, on loopback only
/// @param registryAccounts who may use it, as `htpasswd -B` writes them; without, everybody may; `registry-accounts`,
///     default none
/// @param maxBlobBytes largest blob, in bytes; `max-blob-bytes`, default 17 179 869 184 (16 GiB)
/// @param maxUploads pushes of blobs at once; `max-uploads`, default 256
/// @param upstreamRegistries registries whose images are given out too, as references name them;
///     `upstream-registries`, default docker.io, quay.io, ghcr.io and registry.k8s.io
/// @param plainHttpRegistries those of them that have no TLS, for tests and local networks; `plain-http-registries`,
///     default none
/// @param authFile logins at those that ask for one, as containers-auth.json(5) says; `auth-file`, default none
/// @param upstreamTrust PEM certificates of CAs whose registries are believed besides those that Java believes;
///     `upstream-trust`, default none
/// @param maxPulledBytes copies of their blobs that are kept, in bytes; those not used for longest make room;
///     `max-pulled-bytes`, default 68 719 476 736 (64 GiB)
/// @param upstreamIdleTimeout how long one of them may send nothing in the middle of an answer;
/// `upstream-idle-timeout`,
///     default 30s
/// @param upstreamAttempts how often they are asked at most, where a failure may pass; `upstream-attempts`, default 4
/// @param connectHosts where Realms may be connected to, to ask registries themselves: `host`, `host:port` or
/// `*.suffix`;
///     `connect-hosts`, default none
/// @param mirrors registries that are asked before others, `registry=mirror[/prefix]`, in this order; `mirrors`,
/// default
///     none
public record ImageServiceConfig(
        @Default("data/images") Path store,
        @Default("127.0.0.1") String registryHost,
        @Default("5000") int registryPort,
        Optional<EdgeConfig.Tls> registryTls,
        Optional<Path> registryAccounts,
        @Default("17179869184") long maxBlobBytes,
        @Default("256") int maxUploads,

        @Default("docker.io,quay.io,ghcr.io,registry.k8s.io")
        List<String> upstreamRegistries,

        @Default("") List<String> plainHttpRegistries,
        Optional<Path> authFile,
        Optional<Path> upstreamTrust,
        @Default("68719476736") long maxPulledBytes,
        @Default("30s") Duration upstreamIdleTimeout,
        @Default("4") int upstreamAttempts,
        @Default("") List<String> connectHosts,
        @Default("") List<String> mirrors) {
    private static final int MAX_ATTEMPTS = 20;

    public ImageServiceConfig {
        upstreamRegistries = List.copyOf(upstreamRegistries);
        plainHttpRegistries = List.copyOf(plainHttpRegistries);
        connectHosts = new ConnectHosts(connectHosts).entries();
        mirrors = List.copyOf(mirrors);
        EdgeConfig.requireAddress("registry-", registryHost, registryPort, registryTls);
        Set<String> asked = new HashSet<>(Mirrors.parse(mirrors).registries());
        asked.addAll(upstreamRegistries);
        if (!asked.containsAll(plainHttpRegistries)) {
            throw new IllegalArgumentException("plain-http-registries: " + plainHttpRegistries
                    + " (expected: some of upstream-registries and mirrors)");
        }
        if (!upstreamIdleTimeout.isPositive()) {
            throw new IllegalArgumentException("upstream-idle-timeout: 0 (expected: more than 0)");
        }
        if (upstreamAttempts < 1 || upstreamAttempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "upstream-attempts: " + upstreamAttempts + " (expected: 1-" + MAX_ATTEMPTS + ")");
        }
        if (maxBlobBytes < 1) {
            throw new IllegalArgumentException("max-blob-bytes: " + maxBlobBytes + " (expected: at least 1)");
        }
        if (maxPulledBytes < 1) {
            throw new IllegalArgumentException("max-pulled-bytes: " + maxPulledBytes + " (expected: at least 1)");
        }
        if (maxUploads < 1) {
            throw new IllegalArgumentException("max-uploads: " + maxUploads + " (expected: at least 1)");
        }
    }

    /// On loopback, any free port, no other registry.
    public static ImageServiceConfig local(Path store) {
        return local(store, Map.of());
    }

    /// The same, and these settings, as variables of the environment have them.
    ///
    /// @param settings value by key, such as `upstream-registries` or `registry-tls.key`
    /// @throws dev.realmesh.mesh.config.ConfigException if one is none
    public static ImageServiceConfig local(Path store, Map<String, String> settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("store", store.toString(), "registry-port", "0", "upstream-registries", ""));
        all.putAll(settings);
        Map<String, String> variables = new HashMap<>();
        all.forEach((key, value) -> variables.put(
                "REALMESH_IMAGE_SERVICE_" + key.replaceAll("[-.]", "_").toUpperCase(Locale.ROOT), value));
        return Configuration.parse("", variables).bind("image-service", ImageServiceConfig.class);
    }

    /// @throws IOException if the file cannot be used
    Accounts accounts() throws IOException {
        return registryAccounts.isPresent() ? Accounts.in(registryAccounts.get()) : Accounts.anybody();
    }

    /// @throws dev.realmesh.oci.registry.RegistryClientException.BadAuthFile if the auth file cannot be used
    /// @throws IOException if the certificates cannot be
    ClientOptions clientOptions() throws IOException {
        return ClientOptions.of(Set.copyOf(plainHttpRegistries))
                .withTimeouts(ClientOptions.ANSWER_TIMEOUT, upstreamIdleTimeout)
                .withBackoff(Backoff.of(upstreamAttempts))
                .withLogins(authFile.map(AuthFiles::of).orElse(AuthFiles.NONE))
                .withRoute(upstreamTrust.isPresent() ? Route.believing(upstreamTrust.get()) : Route.DIRECT);
    }

    RegistryLimits limits() {
        return new RegistryLimits(maxBlobBytes, maxUploads, maxPulledBytes);
    }
}
