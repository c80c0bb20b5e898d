// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Registries of the field and hostile ones, played by a small HTTP server.
class RegistryClientTest {
    private static final byte[] BLOB = "blob".getBytes(StandardCharsets.US_ASCII);

    private final List<String> requests = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private HttpServer registry;
    private HttpServer other;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.start();
        other.start();
        client = new RegistryClient(
                ClientOptions.of(Set.of(host(registry)))
                        .withBackoff(Backoff.of(3).pausing(pause -> {})),
                now::get);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.stop(0);
        other.stop(0);
    }

    @Test
    void fetchesTokenOnceUntilItEnds() throws IOException {
        serveBehindToken();
        Reference image = reference("app");

        assertThat(read(image)).isEqualTo(BLOB);
        assertThat(read(image)).isEqualTo(BLOB);
        assertThat(requests)
                .filteredOn("/token?scope=repository%3Aapp%3Apull&service=here"::equals)
                .hasSize(1);

        now.set(Instant.EPOCH.plus(Duration.ofMinutes(5)));
        assertThat(read(image)).isEqualTo(BLOB);
        assertThat(requests)
                .filteredOn("/token?scope=repository%3Aapp%3Apull&service=here"::equals)
                .hasSize(2);
    }

    @Test
    void followsRedirectWithoutTheToken() throws IOException {
        serveBehindToken();
        AtomicReference<String> authorization = new AtomicReference<>("none");
        other.createContext("/", http -> {
            authorization.set(String.valueOf(http.getRequestHeaders().getFirst("Authorization")));
            answer(http, 200, BLOB);
        });
        registry.removeContext("/v2/");
        registry.createContext("/v2/", http -> {
            if (isAuthorized(http)) {
                http.getResponseHeaders().set("Location", "http://" + host(other) + "/cdn");
                answer(http, 307, new byte[0]);
            }
        });

        assertThat(read(reference("app"))).isEqualTo(BLOB);

        assertThat(authorization).hasValue("null");
    }

    @Test
    void refusesEndlessRedirects() {
        registry.createContext("/v2/", http -> {
            http.getResponseHeaders().set("Location", http.getRequestURI().toString());
            answer(http, 302, new byte[0]);
        });

        assertThatThrownBy(() -> read(reference("app"))).isInstanceOf(RegistryClientException.BadAnswer.class);
    }

    @Test
    void refusesLoginsAndTellsFaultsApart() {
        registry.createContext("/v2/login/", http -> {
            http.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
            answer(http, 401, new byte[0]);
        });
        registry.createContext("/v2/broken/", http -> answer(http, 502, new byte[0]));
        registry.createContext("/v2/none/", http -> answer(http, 404, new byte[0]));

        assertThatThrownBy(() -> read(reference("login"))).isInstanceOf(RegistryClientException.Denied.class);
        assertThatThrownBy(() -> read(reference("broken"))).isInstanceOf(RegistryClientException.Unavailable.class);
        assertThatThrownBy(() -> read(reference("none"))).isInstanceOf(RegistryClientException.NotFound.class);
    }

    @Test
    void refusesManifestThatIsTooLargeOrAnother() {
        registry.createContext("/v2/large/", http -> answer(http, 200, new byte[Manifest.MAX_BYTES + 1]));
        registry.createContext("/v2/other/", http -> answer(http, 200, BLOB));
        Reference pinned = Reference.parse(host(registry) + "/other@" + OciDigest.of(new byte[9]));

        assertThatThrownBy(() -> client.manifest(reference("large"))).isInstanceOf(OciException.LimitExceeded.class);
        assertThatThrownBy(() -> client.manifest(pinned)).isInstanceOf(OciException.DigestMismatch.class);
        assertThat(client.manifest(reference("other")).digest()).isEqualTo(OciDigest.of(BLOB));
    }

    @Test
    void knowsWhereDockersRegistryIs() {
        RemoteRepository official = RemoteRepository.of(Reference.parse("docker.io/alpine"), false);
        RemoteRepository users = RemoteRepository.of(Reference.parse("docker.io/user/app"), false);

        assertThat(official.base()).isEqualTo(URI.create("https://registry-1.docker.io/v2/library/alpine/"));
        assertThat(users.base()).isEqualTo(URI.create("https://registry-1.docker.io/v2/user/app/"));
        assertThat(official.manifest(new Reference.Tag("3")))
                .isEqualTo(URI.create("https://registry-1.docker.io/v2/library/alpine/manifests/3"));
    }

    private void serveBehindToken() {
        registry.createContext("/token", http -> {
            requests.add(http.getRequestURI().toString());
            answer(http, 200, "{\"token\":\"t\",\"expires_in\":60}".getBytes(StandardCharsets.US_ASCII));
        });
        registry.createContext("/v2/", http -> {
            if (isAuthorized(http)) {
                answer(http, 200, BLOB);
            }
        });
    }

    private boolean isAuthorized(HttpExchange http) throws IOException {
        if ("Bearer t".equals(http.getRequestHeaders().getFirst("Authorization"))) {
            return true;
        }
        http.getResponseHeaders()
                .set(
                        "WWW-Authenticate",
                        "Bearer realm=\"http://" + host(registry)
                                + "/token\",service=\"here\",scope=\"repository:app:pull\"");
        answer(http, 401, new byte[0]);
        return false;
    }

    private byte[] read(Reference image) throws IOException {
        try (InputStream blob = client.blob(image, OciDigest.of(BLOB))) {
            return blob.readAllBytes();
        }
    }

    private Reference reference(String repository) {
        return Reference.parse(host(registry) + "/" + repository + ":v1");
    }

    private static String host(HttpServer server) {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange http, int status, byte[] body) throws IOException {
        try (http) {
            http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            http.getResponseBody().write(body);
        }
    }
}
