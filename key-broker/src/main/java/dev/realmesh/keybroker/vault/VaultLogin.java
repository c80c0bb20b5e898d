// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.mesh.state.StateFolder;
import io.github.jopenlibs.vault.EnvironmentLoader;
import io.github.jopenlibs.vault.SslConfig;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.response.AuthResponse;
import io.github.jopenlibs.vault.response.LookupResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Gets tokens, by the file or the role of the configuration, and renews them.
final class VaultLogin {
    /// The driver's own engine version, which puts nothing into paths.
    private static final int PLAIN_PATHS = 1;

    private final VaultConfig config;
    private final HttpClient http;

    /// @throws IllegalArgumentException if the CAs cannot be read
    VaultLogin(VaultConfig config) {
        this.config = config;
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(config.timeout());
        config.ca().ifPresent(file -> client.sslContext(trusting(file)));
        http = client.build();
    }

    /// A new session.
    ///
    /// @throws VaultException if Vault does not answer, or refuses
    /// @throws dev.realmesh.mesh.state.StateException if others may read the file, or it is not there
    VaultSession logIn(Instant now) throws VaultException {
        if (config.appRole().isPresent()) {
            VaultConfig.AppRole role = config.appRole().get();
            String secretId = secretIn(role.secretIdFile());
            AuthResponse answer = driver("").auth().loginByAppRole(role.mount(), role.roleId(), secretId);
            Vault vault = driver(answer.getAuthClientToken());
            return VaultSession.lasting(vault, answer.getAuthLeaseDuration(), answer.isAuthRenewable(), now);
        }
        Vault vault = driver(secretIn(config.tokenFile().orElseThrow()));
        LookupResponse token = vault.auth().lookupSelf();
        return VaultSession.lasting(vault, token.getTTL(), token.isRenewable(), now);
    }

    /// The session, renewed; another one if it cannot be.
    ///
    /// @throws VaultException if Vault does not answer, or refuses
    VaultSession renewed(VaultSession session, Instant now) throws VaultException {
        if (!session.renewable()) {
            return logIn(now);
        }
        try {
            AuthResponse answer = session.vault().auth().renewSelf();
            return VaultSession.lasting(session.vault(), answer.getAuthLeaseDuration(), answer.isAuthRenewable(), now);
        } catch (VaultException e) {
            return logIn(now);
        }
    }

    private Vault driver(String token) throws VaultException {
        int seconds = Math.toIntExact(config.timeout().toSeconds());
        var settings = new io.github.jopenlibs.vault.VaultConfig()
                .environmentLoader(new NoEnvironment())
                .address(config.address())
                .token(token)
                .openTimeout(seconds)
                .readTimeout(seconds)
                .sslConfig(new SslConfig().verify(true).build())
                .httpClient(http);
        if (config.namespace().isPresent()) {
            settings.nameSpace(config.namespace().get());
        }
        return Vault.create(settings.build(), PLAIN_PATHS);
    }

    private static String secretIn(Path file) {
        byte[] content = StateFolder.secretIn(file);
        try {
            return new String(content, StandardCharsets.UTF_8).strip();
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static SSLContext trusting(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("ca-" + trusted.size(), each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return tls;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "vault.ca: " + file + " cannot be read (expected: certificates in PEM)", e);
        }
    }

    /// The driver would take address, token and whether to check certificates from variables of its own.
    private static final class NoEnvironment extends EnvironmentLoader {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable String loadVariable(String name) {
            return null;
        }
    }
}
