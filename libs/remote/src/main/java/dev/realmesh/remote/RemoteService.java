// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests to a service: with its certificates, a time limit, a limit of the answer's size, and no redirects.
public final class RemoteService implements AutoCloseable {
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int MAX_DETAIL_CHARACTERS = 300;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final HttpClient http;
    private final Optional<RemoteAccess.Authorization> authorization;
    private final Duration timeout;

    /// An answer with its body as JSON; a missing node if there is none.
    public record Answer(int status, Optional<String> location, Optional<String> cacheControl, JsonNode body) {}

    /// @throws IllegalArgumentException if its certificates cannot be used
    public RemoteService(RemoteAccess access) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(access.timeout());
        access.certificates().ifPresent(file -> builder.sslContext(trusting(file)));
        this.http = builder.build();
        this.authorization = access.authorization();
        this.timeout = access.timeout();
    }

    /// Sends a request.
    ///
    /// @param expected the status codes of answers that can be used
    /// @throws RemoteException if there is no such answer
    public Answer send(HttpRequest.Builder request, Set<Integer> expected) {
        authorization.ifPresent(shown -> request.header("Authorization", shown.prefix() + read(shown.file())));
        HttpRequest ready = request.timeout(timeout).build();
        try {
            HttpResponse<byte[]> response =
                    http.send(ready, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
            if (expected.contains(response.statusCode())) {
                return answer(ready.uri(), response);
            }
            throw refusal(ready.uri(), response);
        } catch (IOException e) {
            throw new RemoteException.Unreachable(ready.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RemoteException.Unreachable(ready.uri(), e);
        }
    }

    private static RemoteException refusal(URI uri, HttpResponse<byte[]> response) {
        String detail = "";
        try {
            detail = JSON.readTree(response.body()).path("detail").asString("");
        } catch (JacksonException ignored) {
            // A gateway's page tells no more than its status.
        }
        String shown = detail.substring(0, Math.min(detail.length(), MAX_DETAIL_CHARACTERS));
        int status = response.statusCode();
        boolean passing = status >= 500 || status == 404 || status == 408 || status == 429;
        return passing
                ? new RemoteException.Unreachable(uri, status + (shown.isEmpty() ? "" : ", " + shown))
                : new RemoteException.Refused(uri, status, shown);
    }

    private static Answer answer(URI uri, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        try {
            return new Answer(
                    status,
                    response.headers().firstValue("Location"),
                    response.headers().firstValue("Cache-Control"),
                    JSON.readTree(response.body()));
        } catch (JacksonException e) {
            throw status >= 400 ? refusal(uri, response) : new RemoteException.NotTrusted(uri, "answers no JSON");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("authorization: " + file + " not read (expected: a header's value)", e);
        }
    }

    private static SSLContext trusting(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("trusted-" + trusted.size(), certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("certificates: " + file + " not read (expected: certificates, PEM)", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
