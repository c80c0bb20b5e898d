// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One request to a registry, with what surrounds it: the login or token that a 401 asks for, other attempts after
/// failures that may pass, and, for reading, a few redirects, which never lead from TLS to none. No other host than the
/// registry's ever sees the login or the token.
final class RegistryHttp implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_REDIRECTS = 5;

    private final HttpClient http;
    private final ClientOptions options;
    private final InstantSource clock;
    private final Authorizations authorizations;

    RegistryHttp(ClientOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.http = options.route()
                .over(HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_TIMEOUT))
                .build();
        this.authorizations = new Authorizations(http, options, clock);
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
                throw refusal(repository, response);
            }
            return response;
        });
    }

    /// Sends content that may take its time, as long as it goes on. A 401 is an answer like others, see
    /// [#answerChallenge]: the content has been read by then.
    HttpResponse<InputStream> upload(RemoteRepository repository, HttpRequest.Builder request, UploadBody body)
            throws IOException {
        HttpRequest.Builder put = request.PUT(body.publisher());
        URI uri = put.build().uri();
        CompletableFuture<HttpResponse<InputStream>> answer = begin(repository, put);
        try {
            return await(answer, body);
        } catch (ExecutionException e) {
            body.throwFailure();
            throw new RegistryClientException.Unavailable(uri, causeOf(e));
        } catch (TimeoutException e) {
            HttpTimeoutException late = new HttpTimeoutException("neither takes more nor answers");
            throw new RegistryClientException.Unavailable(uri, late);
        } catch (InterruptedException e) {
            throw interrupted(uri, e);
        } finally {
            answer.cancel(true);
        }
    }

    /// Begins a request whose body is written meanwhile. It has no time limit; a 401 is an answer like others.
    CompletableFuture<HttpResponse<InputStream>> begin(RemoteRepository repository, HttpRequest.Builder request) {
        return http.sendAsync(prepared(repository, request), TimedBody.idleAtMost(options.idleTimeout()));
    }

    /// The answer to a request that was sent to its end.
    HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer, URI uri) {
        try {
            return answer.get(options.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RegistryClientException.Unavailable(uri, causeOf(e));
        } catch (TimeoutException e) {
            throw new RegistryClientException.Unavailable(uri, new HttpTimeoutException("does not answer"));
        } catch (InterruptedException e) {
            throw interrupted(uri, e);
        } finally {
            answer.cancel(true);
        }
    }

    /// Gets what a 401 asks for; the next request to that repository has it.
    ///
    /// @throws RegistryClientException.Denied if it cannot be had
    void answerChallenge(RemoteRepository repository, HttpResponse<?> refused) {
        URI uri = refused.uri();
        try {
            authorizations.answer(repository, uri, refused.headers().allValues("WWW-Authenticate"));
        } catch (IOException e) {
            throw new RegistryClientException.Unavailable(uri, e);
        } catch (InterruptedException e) {
            throw interrupted(uri, e);
        }
    }

    /// @throws RegistryClientException if an answer is another one
    void expect(RemoteRepository repository, HttpResponse<?> answer, int status) {
        if (answer.statusCode() != status) {
            throw refusal(repository, answer);
        }
    }

    /// What an answer means that is not the hoped-for one.
    RegistryClientException refusal(RemoteRepository repository, HttpResponse<?> response) {
        URI uri = response.uri();
        int status = response.statusCode();
        return switch (status) {
            case 404 -> new RegistryClientException.NotFound(uri);
            case 401, 403 ->
                sameHost(repository.base(), uri)
                        ? authorizations.denied(repository, uri, status)
                        : new RegistryClientException.Denied(uri, status);
            default -> new RegistryClientException.Unavailable(uri, status, RetryAfter.of(response, clock.instant()));
        };
    }

    /// Reads a document whole; one that is longer, to a byte more than `maxBytes`.
    byte[] read(HttpResponse<InputStream> response, int maxBytes) {
        return Documents.read(response, maxBytes, options.answerTimeout());
    }

    Backoff backoff() {
        return options.backoff();
    }

    Duration answerTimeout() {
        return options.answerTimeout();
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
            next = redirect(repository, next, response);
        }
        throw new RegistryClientException.BadAnswer(uri, "more than " + MAX_REDIRECTS + " redirects");
    }

    private HttpResponse<InputStream> sendToRegistry(RemoteRepository repository, HttpRequest.Builder request) {
        HttpResponse<InputStream> response =
                sendOnce(prepared(repository, request.copy().timeout(options.answerTimeout())));
        if (response.statusCode() != 401 || !sameHost(repository.base(), response.uri())) {
            return response;
        }
        close(response);
        answerChallenge(repository, response);
        return sendOnce(prepared(repository, request.copy().timeout(options.answerTimeout())));
    }

    private HttpRequest prepared(RemoteRepository repository, HttpRequest.Builder request) {
        HttpRequest.Builder prepared = request.copy();
        if (sameHost(repository.base(), request.build().uri())) {
            authorizations.kept(repository).ifPresent(known -> prepared.setHeader("Authorization", known.header()));
        }
        return prepared.build();
    }

    private HttpResponse<InputStream> sendOnce(HttpRequest request) {
        try {
            return http.send(request, TimedBody.idleAtMost(options.idleTimeout()));
        } catch (IOException e) {
            throw new RegistryClientException.Unavailable(request.uri(), e);
        } catch (InterruptedException e) {
            throw interrupted(request.uri(), e);
        }
    }

    private HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer, UploadBody body)
            throws ExecutionException, TimeoutException, InterruptedException {
        while (true) {
            long before = body.sent();
            try {
                return answer.get(options.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (body.sent() == before) {
                    throw e;
                }
            }
        }
    }

    private URI redirect(RemoteRepository repository, URI from, HttpResponse<InputStream> response) {
        boolean redirects = switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
        if (!redirects) {
            throw refusal(repository, response);
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

    private static Throwable causeOf(ExecutionException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    private static RegistryClientException interrupted(URI uri, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RegistryClientException.Unavailable(uri, e);
    }
}
