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

/// One request to a registry, with what surrounds it: the anonymous token that a 401 asks for, other attempts after
/// failures that may pass, and, for reading, a few redirects, which never lead from TLS to none. No other host than the
/// registry's ever sees the token.
final class RegistryHttp implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_REDIRECTS = 5;
    private static final String NO_TOKEN = "";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final ClientOptions options;
    private final InstantSource clock;
    private final AnonymousTokens tokens;

    RegistryHttp(ClientOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.tokens = new AnonymousTokens(http, clock);
    }

    /// Reads; the caller closes the body.
    ///
    /// @return 200, or 206 if the request has a `Range`
    /// @throws RegistryClientException if the answer is another one
    HttpResponse<InputStream> get(RemoteRepository repository, HttpRequest.Builder request) {
        return options.backoff().retrying(() -> followRedirects(repository, request));
    }

    /// Sends a request whose body, if any, can be sent again.
    HttpResponse<InputStream> send(RemoteRepository repository, HttpRequest.Builder request) {
        return options.backoff().retrying(() -> {
            HttpResponse<InputStream> response = sendToRegistry(repository, request);
            if (RegistryClientException.Unavailable.mayPass(response.statusCode())) {
                close(response);
                throw refusal(response);
            }
            return response;
        });
    }

    /// What an answer means that is not the hoped-for one.
    RegistryClientException refusal(HttpResponse<?> response) {
        URI uri = response.uri();
        int status = response.statusCode();
        return switch (status) {
            case 404 -> new RegistryClientException.NotFound(uri);
            case 401, 403 -> new RegistryClientException.Denied(uri, status);
            default -> new RegistryClientException.Unavailable(uri, status, RetryAfter.of(response, clock.instant()));
        };
    }

    Backoff backoff() {
        return options.backoff();
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

    private HttpResponse<InputStream> followRedirects(RemoteRepository repository, HttpRequest.Builder request) {
        URI uri = request.build().uri();
        URI next = uri;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpResponse<InputStream> response =
                    sendToRegistry(repository, request.copy().uri(next));
            if (response.statusCode() == 200 || (response.statusCode() == 206 && isPartial(request))) {
                return response;
            }
            close(response);
            next = redirect(next, response);
        }
        throw new RegistryClientException.BadAnswer(uri, "more than " + MAX_REDIRECTS + " redirects");
    }

    private HttpResponse<InputStream> sendToRegistry(RemoteRepository repository, HttpRequest.Builder request) {
        URI uri = request.build().uri();
        if (!sameHost(repository.base(), uri)) {
            return sendOnce(uri, request, NO_TOKEN);
        }
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

    private HttpResponse<InputStream> sendOnce(URI uri, HttpRequest.Builder request, String token) {
        HttpRequest.Builder authorized = request.copy().timeout(options.answerTimeout());
        if (!token.equals(NO_TOKEN)) {
            authorized.setHeader("Authorization", "Bearer " + token);
        }
        try {
            return http.send(authorized.build(), TimedBody.idleAtMost(options.idleTimeout()));
        } catch (IOException e) {
            throw new RegistryClientException.Unavailable(uri, e);
        } catch (InterruptedException e) {
            throw interrupted(uri, e);
        }
    }

    private URI redirect(URI from, HttpResponse<InputStream> response) {
        boolean redirects = switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
        if (!redirects) {
            throw refusal(response);
        }
        String location = response.headers().firstValue("Location").orElse("");
        return resolve(from, location, "redirect");
    }

    /// Where an answer leads to.
    ///
    /// @throws RegistryClientException.BadAnswer if that is no URI, or away from TLS
    static URI resolve(URI from, String location, String what) {
        try {
            URI to = from.resolve(location);
            boolean tls = "https".equals(to.getScheme());
            if (to.getHost() != null && (tls || ("http".equals(to.getScheme()) && "http".equals(from.getScheme())))) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw new RegistryClientException.BadAnswer(from, what + " to no URI");
        }
        throw new RegistryClientException.BadAnswer(from, what + " away from TLS, or to no host");
    }

    private static boolean isPartial(HttpRequest.Builder request) {
        return request.build().headers().firstValue("Range").isPresent();
    }

    private static RegistryClientException interrupted(URI uri, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RegistryClientException.Unavailable(uri, e);
    }
}
