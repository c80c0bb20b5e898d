// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

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
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Asks the realm of a registry for a token, by the distribution project's token authentication: for anybody, for user
/// and password (GET), or for an identity token (POST, OAuth 2). Redirects are not followed.
final class TokenEndpoint {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_BYTES = 64 << 10;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,32768}");
    private static final String CLIENT = "realmesh";

    /// What a token without `expires_in` is good for.
    private static final Duration DEFAULT_LIFE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final ClientOptions options;
    private final InstantSource clock;

    TokenEndpoint(HttpClient http, ClientOptions options, InstantSource clock) {
        this.http = http;
        this.options = options;
        this.clock = clock;
    }

    /// What a token is to be good for.
    ///
    /// @param service empty if the registry has not named it
    record Scope(String service, String scope) {
        private Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("scope", scope);
            if (!service.isEmpty()) {
                parameters.put("service", service);
            }
            return parameters;
        }
    }

    /// @throws RegistryClientException if it gives none
    Authorization ask(URI realm, Scope scope, Optional<Login> login) throws IOException, InterruptedException {
        HttpRequest request = request(realm, scope, login).timeout(TIMEOUT).build();
        HttpResponse<InputStream> response = http.send(request, TimedBody.idleAtMost(options.idleTimeout()));
        byte[] content = Documents.read(response, MAX_BYTES, TIMEOUT);
        int status = response.statusCode();
        if (status == 200) {
            return read(realm, JsonDocument.parse("token answer", content, MAX_BYTES), login);
        }
        if (status >= 500 || status == 429) {
            throw new RegistryClientException.Unavailable(realm, status, RetryAfter.of(response, clock.instant()));
        }
        throw login.map(known -> new RegistryClientException.Denied(realm, status, known.key()))
                .orElseGet(() -> new RegistryClientException.Denied(realm, status));
    }

    private static HttpRequest.Builder request(URI realm, Scope scope, Optional<Login> login) {
        Map<String, String> parameters = scope.parameters();
        if (login.orElse(null) instanceof Login.IdentityToken identity) {
            parameters.put("grant_type", "refresh_token");
            parameters.put("client_id", CLIENT);
            parameters.put("refresh_token", identity.token());
            return HttpRequest.newBuilder(realm)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form(parameters)));
        }
        if (login.orElse(null) instanceof Login.Basic basic) {
            parameters.put("account", basic.user());
            return HttpRequest.newBuilder(withQuery(realm, parameters)).header("Authorization", basic.authorization());
        }
        return HttpRequest.newBuilder(withQuery(realm, parameters));
    }

    private Authorization read(URI realm, JsonDocument json, Optional<Login> login) {
        String token = json.optionalText("token")
                .filter(text -> !text.isEmpty())
                .or(() -> json.optionalText("access_token"))
                .filter(text -> TOKEN.matcher(text).matches())
                .orElseThrow(() -> new RegistryClientException.BadAnswer(realm, "no token"));
        Duration life = json.names().contains("expires_in")
                ? Duration.ofSeconds(Math.min(json.size("expires_in"), 86_400))
                : DEFAULT_LIFE;
        return Authorization.bearer(
                token, clock.instant().plus(life.multipliedBy(9).dividedBy(10)), login);
    }

    private static URI withQuery(URI realm, Map<String, String> parameters) {
        return URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + form(parameters));
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
