// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// What `Authorization` opens which repository. A 401 says what it wants: user and password, or a token of the realm
/// that it names. A login goes to the registry that it is for, and to the realm that this names; in clear to loopback
/// only.
final class Authorizations {
    private static final int MAX_KEPT = 1000;
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final Logins logins;
    private final TokenEndpoint tokens;
    private final InstantSource clock;
    private final Map<URI, Authorization> kept = new ConcurrentHashMap<>();

    Authorizations(HttpClient http, ClientOptions options, InstantSource clock) {
        this.logins = options.logins();
        this.tokens = new TokenEndpoint(http, options, clock);
        this.clock = clock;
    }

    /// What opened that repository last, if it is still good.
    Optional<Authorization> kept(RemoteRepository repository) {
        return Optional.ofNullable(kept.get(repository.base())).filter(each -> each.isGood(clock.instant()));
    }

    /// Answers a 401.
    ///
    /// @param refused what it was the answer to
    /// @param headers all values of `WWW-Authenticate`
    /// @throws RegistryClientException.Denied if there is nothing that could open it
    Authorization answer(RemoteRepository repository, URI refused, List<String> headers)
            throws IOException, InterruptedException {
        Optional<Login> login = logins.find(repository.registry(), repository.name());
        if (login.isPresent() && !isPrivate(repository.base())) {
            throw new RegistryClientException.LoginWithheld(refused);
        }
        for (Challenge challenge : Challenge.of(headers)) {
            Optional<Authorization> answer = answer(repository, login, challenge);
            if (answer.isPresent()) {
                keep(repository, answer.get());
                return answer.get();
            }
        }
        throw login.map(known -> new RegistryClientException.Denied(refused, 401, known.key()))
                .orElseGet(() -> new RegistryClientException.Denied(refused, 401));
    }

    /// What a refusal means.
    RegistryClientException.Denied denied(RemoteRepository repository, URI refused, int status) {
        Optional<String> key = kept(repository).flatMap(Authorization::loginKey);
        return key.map(known -> new RegistryClientException.Denied(refused, status, known))
                .orElseGet(() -> new RegistryClientException.Denied(refused, status));
    }

    private Optional<Authorization> answer(RemoteRepository repository, Optional<Login> login, Challenge challenge)
            throws IOException, InterruptedException {
        if (challenge.scheme().equals("basic") && login.orElse(null) instanceof Login.Basic basic) {
            return Optional.of(Authorization.of(basic));
        }
        if (!challenge.scheme().equals("bearer")) {
            return Optional.empty();
        }
        Optional<URI> realm = realm(repository, challenge, login.isPresent());
        return realm.isEmpty()
                ? Optional.empty()
                : Optional.of(tokens.ask(realm.get(), scope(repository, challenge), login));
    }

    private void keep(RemoteRepository repository, Authorization answer) {
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(repository.base(), answer);
    }

    private static TokenEndpoint.Scope scope(RemoteRepository repository, Challenge challenge) {
        String named = challenge.parameter("scope");
        return new TokenEndpoint.Scope(
                challenge.parameter("service"), named.isEmpty() ? "repository:" + repository.name() + ":pull" : named);
    }

    /// A registry behind TLS may not send us to a realm without, and none may send a login there but by loopback.
    private static Optional<URI> realm(RemoteRepository repository, Challenge challenge, boolean withLogin) {
        URI realm;
        try {
            realm = URI.create(challenge.parameter("realm"));
        } catch (IllegalArgumentException e) {
            throw new RegistryClientException.BadAnswer(repository.base(), "token realm is no URI");
        }
        boolean plain = "http".equals(realm.getScheme())
                && "http".equals(repository.base().getScheme())
                && (!withLogin || isPrivate(realm));
        boolean usable = realm.getHost() != null && ("https".equals(realm.getScheme()) || plain);
        return usable ? Optional.of(realm) : Optional.empty();
    }

    /// Whether nobody else reads what is sent there.
    private static boolean isPrivate(URI uri) {
        return "https".equals(uri.getScheme())
                || LOOPBACK.matcher(String.valueOf(uri.getHost())).matches();
    }
}
