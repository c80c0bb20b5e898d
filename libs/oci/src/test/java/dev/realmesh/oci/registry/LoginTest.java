// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.testkit.UpstreamRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a login of an auth file gets to the registry that it is for, and to nobody else.
class LoginTest {
    private static final OciDigest DIGEST = OciDigest.of(new byte[] {1});
    private static final String PATH = "/v2/team/app/blobs/" + DIGEST;
    private static final String BASIC = "Basic " + base64("me:pass");

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private UpstreamRegistry registry;
    private UpstreamRegistry other;
    private Path authFile;

    @BeforeEach
    void start() throws IOException {
        registry = new UpstreamRegistry();
        other = new UpstreamRegistry();
        authFile = folder.resolve("auth.json");
        login("{\"auth\":\"" + base64("me:pass") + "\"}");
    }

    @AfterEach
    void stop() {
        registry.close();
        other.close();
    }

    @Test
    void goesAsUserAndPassword() throws IOException {
        registry.on(PATH, wants("Basic realm=\"x\"", BASIC));

        try (RegistryClient client = client()) {
            assertThat(read(client)).isEqualTo("content");
            assertThat(read(client)).isEqualTo("content");
        }

        assertThat(seen).containsExactly("none", BASIC, BASIC);
    }

    @Test
    void changesWithTheFile() throws IOException {
        String changed = "Basic " + base64("me:changed");
        registry.on(PATH, wants("Basic realm=\"x\"", changed));

        try (RegistryClient client = client()) {
            assertThatThrownBy(() -> read(client)).isInstanceOf(RegistryClientException.Denied.class);
            login("{\"auth\":\"" + base64("me:changed") + "\"}");
            assertThat(read(client)).isEqualTo("content");
        }
    }

    @Test
    void getsAToken() throws IOException {
        registry.on("/token", http -> {
            seen.add(http.getRequestMethod() + " " + http.getRequestURI());
            seen.add(authorization(http));
            UpstreamRegistry.text("application/json", "{\"access_token\":\"t\",\"expires_in\":100}")
                    .handle(http);
        });
        registry.on(PATH, wants(bearer(registry.host()), "Bearer t"));

        try (RegistryClient client = client()) {
            assertThat(read(client)).isEqualTo("content");
            now.set(Instant.EPOCH.plusSeconds(89));
            assertThat(read(client)).isEqualTo("content");
        }

        assertThat(seen)
                .containsExactly(
                        "none",
                        "GET /token?scope=repository%3Ateam%2Fapp%3Apull&service=here&account=me",
                        BASIC,
                        "Bearer t",
                        "Bearer t");
    }

    @Test
    void getsATokenForAnIdentityToken() throws IOException {
        login("{\"identitytoken\":\"long/life\"}");
        registry.on("/token", http -> {
            seen.add(http.getRequestMethod() + " " + http.getRequestURI());
            seen.add(new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            UpstreamRegistry.text("application/json", "{\"access_token\":\"t\"}")
                    .handle(http);
        });
        registry.on(PATH, wants(bearer(registry.host()), "Bearer t"));

        try (RegistryClient client = client()) {
            assertThat(read(client)).isEqualTo("content");
        }

        assertThat(seen)
                .containsExactly(
                        "none",
                        "POST /token",
                        "scope=repository%3Ateam%2Fapp%3Apull&service=here&grant_type=refresh_token&client_id=realmesh"
                                + "&refresh_token=long%2Flife",
                        "Bearer t");
    }

    @Test
    void isNotShownWhereARedirectLeads() throws IOException {
        registry.on(PATH, http -> {
            if (authorization(http).equals(BASIC)) {
                http.getResponseHeaders().set("Location", "http://" + other.host() + "/cdn");
                UpstreamRegistry.status(307).handle(http);
            } else {
                wants("Basic realm=\"x\"", BASIC).handle(http);
            }
        });
        other.on("/cdn", wants("Basic realm=\"x\"", BASIC));

        try (RegistryClient client = client()) {
            assertThatThrownBy(() -> read(client)).isInstanceOf(RegistryClientException.Denied.class);
            other.on("/cdn", http -> {
                seen.add(authorization(http));
                UpstreamRegistry.text("x/y", "content").handle(http);
            });
            assertThat(read(client)).isEqualTo("content");
        }

        assertThat(seen).doesNotContain(BASIC).hasSize(3);
    }

    @Test
    void tokenEndpointDoesNotRedirectIt() throws IOException {
        registry.on("/token", http -> {
            http.getResponseHeaders().set("Location", "http://" + other.host() + "/token");
            UpstreamRegistry.status(307).handle(http);
        });
        other.on("/token", http -> {
            seen.add(authorization(http));
            UpstreamRegistry.text("application/json", "{\"token\":\"t\"}").handle(http);
        });
        registry.on(PATH, wants(bearer(registry.host()), "Bearer t"));

        try (RegistryClient client = client()) {
            assertThatThrownBy(() -> read(client)).isInstanceOf(RegistryClientException.Denied.class);
        }

        assertThat(seen).containsExactly("none");
    }

    @Test
    void refusalSaysWhichEntryAndNothingOfIt() throws IOException {
        registry.on(PATH, wants("Basic realm=\"x\"", "never"));

        try (RegistryClient client = client()) {
            assertThatThrownBy(() -> read(client))
                    .isInstanceOf(RegistryClientException.Denied.class)
                    .hasMessageContaining("answers 401 to the auth file's login for " + registry.host() + "/team ")
                    .hasMessageNotContainingAny("pass", BASIC);
        }
    }

    @Test
    void refusalWithoutLoginSaysWhatToDo() throws IOException {
        registry.on("/v2/public/app/blobs/" + DIGEST, wants("Basic realm=\"x\"", "never"));

        try (RegistryClient client = client()) {
            assertThatThrownBy(() -> client.blob(Reference.parse(registry.image("public/app")), DIGEST))
                    .isInstanceOf(RegistryClientException.Denied.class)
                    .hasMessageContaining("answers 401 (expected: what anybody may have, or a login in an auth file)");
        }
        assertThat(seen).containsExactly("none");
    }

    @Test
    void isNeverSentInClearBeyondLoopback() throws IOException {
        Files.writeString(authFile, "{\"auths\":{\"registry.example\":{\"auth\":\"" + base64("me:pass") + "\"}}}");
        Authorizations authorizations = authorizations();
        URI base = URI.create("http://registry.example/v2/app/");
        RemoteRepository repository = new RemoteRepository(base, "registry.example", "app");

        assertThatThrownBy(() -> authorizations.answer(repository, base, List.of("Basic realm=\"x\"")))
                .isInstanceOf(RegistryClientException.LoginWithheld.class)
                .hasMessageContaining("http://registry.example/v2/app/ has no TLS");
        assertThat(authorizations.kept(repository)).isEmpty();
    }

    @Test
    void isNotSentToARealmThatOthersCanRead() throws IOException {
        Authorizations authorizations = authorizations();
        URI base = URI.create("http://" + registry.host() + "/v2/team/app/");
        RemoteRepository repository = new RemoteRepository(base, registry.host(), "team/app");

        for (String realm : List.of("http://realm.example/token", "ftp://127.0.0.1/token", "token", "")) {
            assertThatThrownBy(() -> authorizations.answer(
                            repository, base, List.of("Bearer realm=\"" + realm + "\",service=\"here\"")))
                    .isInstanceOf(RegistryClientException.Denied.class);
        }
    }

    private Authorizations authorizations() {
        ClientOptions options = ClientOptions.of(Set.of()).withLogins(AuthFiles.of(authFile));
        return new Authorizations(HttpClient.newHttpClient(), options, now::get);
    }

    private RegistryClient client() {
        return new RegistryClient(
                ClientOptions.of(Set.of(registry.host())).withLogins(AuthFiles.of(authFile)), now::get);
    }

    private String read(RegistryClient client) throws IOException {
        try (InputStream blob = client.blob(Reference.parse(registry.image("team/app")), DIGEST)) {
            return new String(blob.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private void login(String entry) throws IOException {
        Files.writeString(authFile, "{\"auths\":{\"" + registry.host() + "/team\":" + entry + "}}");
    }

    private HttpHandler wants(String challenge, String authorization) {
        return http -> {
            seen.add(authorization(http));
            if (authorization(http).equals(authorization)) {
                UpstreamRegistry.text("x/y", "content").handle(http);
            } else {
                http.getResponseHeaders().set("WWW-Authenticate", challenge);
                UpstreamRegistry.status(401).handle(http);
            }
        };
    }

    private static String bearer(String host) {
        return "Bearer realm=\"http://" + host + "/token\",service=\"here\",scope=\"repository:team/app:pull\"";
    }

    private static String authorization(HttpExchange http) {
        String header = http.getRequestHeaders().getFirst("Authorization");
        return header == null ? "none" : header;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
