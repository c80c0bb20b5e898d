// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.client;

import dev.realmesh.oci.JsonDocument;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bearer tokens that registries give to anybody, by the distribution project's token authentication: a 401 names the
/// realm to ask, its service and the scope.
final class AnonymousTokens {
    private static final Pattern PARAMETER = Pattern.compile("([a-z]{1,20})=\"([^\"]{0,1024})\"");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_TOKENS = 1000;

    /// What a token without `expires_in` is good for.
    private static final Duration DEFAULT_LIFE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final InstantSource clock;
    private final Map<URI, Token> tokens = new ConcurrentHashMap<>();

    AnonymousTokens(HttpClient http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
    }

    /// The token that opened that repository last, if it is still good.
    Optional<String> cached(RemoteRepository repository) {
        return Optional.ofNullable(tokens.get(repository.base()))
                .filter(token -> clock.instant().isBefore(token.expiresAt))
                .map(token -> token.text);
    }

    /// Asks for the token that a challenge names.
    ///
    /// @param challenge the value of `WWW-Authenticate`
    /// @return empty if the challenge is not for a token
    Optional<String> fetch(RemoteRepository repository, String challenge) throws IOException, InterruptedException {
        if (!challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2));
        }
        Optional<URI> realm = realm(repository, parameters);
        if (realm.isEmpty()) {
            return Optional.empty();
        }
        Token token = ask(realm.get());
        if (tokens.size() >= MAX_TOKENS) {
            tokens.clear();
        }
        tokens.put(repository.base(), token);
        return Optional.of(token.text);
    }

    /// A registry behind TLS may not send us to a realm without.
    private static Optional<URI> realm(RemoteRepository repository, Map<String, String> parameters) {
        String realm = parameters.getOrDefault("realm", "");
        boolean trusted = realm.startsWith("https://")
                || (realm.startsWith("http://")
                        && "http".equals(repository.base().getScheme()));
        if (!trusted) {
            return Optional.empty();
        }
        String scope = parameters.getOrDefault("scope", "repository:" + repository.name() + ":pull");
        StringBuilder uri = new StringBuilder(realm)
                .append(realm.indexOf('?') < 0 ? "?scope=" : "&scope=")
                .append(URLEncoder.encode(scope, StandardCharsets.UTF_8));
        String service = parameters.getOrDefault("service", "");
        if (!service.isEmpty()) {
            uri.append("&service=").append(URLEncoder.encode(service, StandardCharsets.UTF_8));
        }
        try {
            return Optional.of(URI.create(uri.toString()));
        } catch (IllegalArgumentException e) {
            throw new RegistryClientException.BadAnswer(repository.base(), "token realm is no URI");
        }
    }

    private Token ask(URI realm) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(realm).timeout(TIMEOUT).build();
        HttpResponse<InputStream> response = http.send(request, TimedBody.idleAtMost(TIMEOUT));
        try (InputStream body = response.body()) {
            if (RegistryClientException.Unavailable.mayPass(response.statusCode())) {
                throw new RegistryClientException.Unavailable(
                        realm, response.statusCode(), RetryAfter.of(response, clock.instant()));
            }
            if (response.statusCode() != 200) {
                throw new RegistryClientException.Denied(realm, response.statusCode());
            }
            JsonDocument json = JsonDocument.parse("token answer", body.readNBytes(MAX_BYTES + 1), MAX_BYTES);
            String token = json.optionalText("token")
                    .or(() -> json.optionalText("access_token"))
                    .orElseThrow(() -> new RegistryClientException.BadAnswer(realm, "no token"));
            Duration life = json.names().contains("expires_in")
                    ? Duration.ofSeconds(Math.min(json.size("expires_in"), 86_400))
                    : DEFAULT_LIFE;
            return new Token(token, clock.instant().plus(life.multipliedBy(9).dividedBy(10)));
        }
    }

    private static final class Token {
        private final String text;
        private final Instant expiresAt;

        private Token(String text, Instant expiresAt) {
            this.text = text;
            this.expiresAt = expiresAt;
        }
    }
}
