// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/// One request to a registry, with what surrounds it: the anonymous token that a 401 asks for, and, for reading, a few
/// redirects, which never lead from TLS to none and never see the token of another host.
final class RegistryHttp implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_REDIRECTS = 5;
    private static final String NO_TOKEN = "";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final AnonymousTokens tokens;

    RegistryHttp(InstantSource clock) {
        this.tokens = new AnonymousTokens(http, clock);
    }

    /// Reads; the caller closes the body.
    ///
    /// @throws RegistryClientException unless the answer is 200
    HttpResponse<InputStream> get(RemoteRepository repository, URI uri, String accept) {
        URI next = uri;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(next).header("Accept", accept).GET();
            HttpResponse<InputStream> response =
                    sameHost(uri, next) ? send(repository, request) : sendOnce(next, request, NO_TOKEN);
            if (response.statusCode() == 200) {
                return response;
            }
            close(response);
            next = redirect(next, response);
        }
        throw new RegistryClientException.BadAnswer(uri, "more than " + MAX_REDIRECTS + " redirects");
    }

    /// Sends a request whose body, if any, can be sent again.
    HttpResponse<InputStream> send(RemoteRepository repository, HttpRequest.Builder request) {
        URI uri = request.build().uri();
        HttpResponse<InputStream> response =
                sendOnce(uri, request, tokens.cached(repository).orElse(NO_TOKEN));
        if (response.statusCode() != 401) {
            return response;
        }
        close(response);
        String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
        try {
            Optional<String> token = tokens.fetch(repository, challenge);
            if (token.isEmpty()) {
                throw new RegistryClientException.Denied(uri, 401);
            }
            return sendOnce(uri, request, token.get());
        } catch (IOException e) {
            throw new RegistryClientException.Unavailable(uri, e);
        } catch (InterruptedException e) {
            throw interrupted(uri, e);
        }
    }

    /// What an answer means that is not the hoped-for one.
    static RegistryClientException refusal(URI uri, int status) {
        return switch (status) {
            case 404 -> new RegistryClientException.NotFound(uri);
            case 401, 403 -> new RegistryClientException.Denied(uri, status);
            default -> new RegistryClientException.Unavailable(uri, status);
        };
    }

    /// Whether both are at the same host and port, by the same scheme.
    static boolean sameHost(URI one, URI other) {
        return Objects.equals(one.getAuthority(), other.getAuthority())
                && Objects.equals(one.getScheme(), other.getScheme());
    }

    static void close(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            body.skipNBytes(0);
        } catch (IOException e) {
            throw new RegistryClientException.Unavailable(response.uri(), e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpResponse<InputStream> sendOnce(URI uri, HttpRequest.Builder request, String token) {
        HttpRequest.Builder authorized = request.copy().timeout(ANSWER_TIMEOUT);
        if (!token.equals(NO_TOKEN)) {
            authorized.setHeader("Authorization", "Bearer " + token);
        }
        try {
            return http.send(authorized.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new RegistryClientException.Unavailable(uri, e);
        } catch (InterruptedException e) {
            throw interrupted(uri, e);
        }
    }

    private static URI redirect(URI from, HttpResponse<InputStream> response) {
        boolean redirects = switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
        if (!redirects) {
            throw refusal(from, response.statusCode());
        }
        try {
            URI to = from.resolve(response.headers().firstValue("Location").orElse(""));
            if ("https".equals(to.getScheme()) || ("http".equals(to.getScheme()) && "http".equals(from.getScheme()))) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw new RegistryClientException.BadAnswer(from, "redirect to no URI");
        }
        throw new RegistryClientException.BadAnswer(from, "redirect away from TLS");
    }

    private static RegistryClientException interrupted(URI uri, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RegistryClientException.Unavailable(uri, e);
    }
}
