// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.testkit.UpstreamRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Pushing blobs to registries that change their minds, are slow, or lead elsewhere.
class PushTest {
    private static final byte[] BLOB = new byte[2 << 20];
    private static final String UPLOADS = "/v2/app/blobs/uploads/";
    private static final String PLACE = "/v2/app/place";

    static {
        new Random(1).nextBytes(BLOB);
    }

    private final List<byte[]> taken = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private UpstreamRegistry registry;
    private UpstreamRegistry other;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = new UpstreamRegistry();
        other = new UpstreamRegistry();
        registry.on("/token", UpstreamRegistry.text("application/json", "{\"token\":\"t\"}"));
        beginsAt(PLACE);
        connect(Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
        other.close();
    }

    @Test
    void sendsContentAgainThatWasReadBeforeThe401() throws IOException {
        registry.on(PLACE, takingWith("Bearer t"));

        sink().putBlob(blob(BLOB), same -> new ByteArrayInputStream(BLOB));
        sink().putBlob(blob(new byte[7]), new ByteArrayInputStream(new byte[7]));

        assertThat(taken).containsExactly(BLOB, new byte[7]);
    }

    @Test
    void saysThatContentWhichIsReadOnceWasRefused() {
        registry.on(PLACE, takingWith("Bearer t"));

        assertThatThrownBy(() -> sink().putBlob(blob(BLOB), new ByteArrayInputStream(BLOB)))
                .isInstanceOf(RegistryClientException.Denied.class)
                .hasMessageContaining("answers 401");
        assertThat(taken).isEmpty();
    }

    @Test
    void sendsAgainWhatMayPass() throws IOException {
        registry.on(PLACE, http -> {
            http.getRequestBody().readAllBytes();
            registry.on(PLACE, takingWith("none"));
            UpstreamRegistry.status(503).handle(http);
        });

        sink().putBlob(blob(BLOB), same -> new ByteArrayInputStream(BLOB));

        assertThat(taken).containsExactly(BLOB);
    }

    @Test
    void neverShowsATokenToAnotherHost() throws IOException {
        registry.on(UPLOADS, http -> {
            String authorization = String.valueOf(http.getRequestHeaders().getFirst("Authorization"));
            if (authorization.equals("Bearer t")) {
                http.getResponseHeaders().set("Location", "http://" + other.host() + PLACE);
                UpstreamRegistry.status(202).handle(http);
            } else {
                challenge(http);
            }
        });
        other.on(PLACE, takingWith("none"));

        sink().putBlob(blob(BLOB), same -> new ByteArrayInputStream(BLOB));

        assertThat(taken).containsExactly(BLOB);
        assertThat(authorizations).containsExactly("none");
    }

    @Test
    void doesNotAnswerTheChallengeOfAnotherHost() {
        beginsAt("http://" + other.host() + PLACE);
        other.on(PLACE, takingWith("Bearer t"));

        assertThatThrownBy(() -> sink().putBlob(blob(BLOB), same -> new ByteArrayInputStream(BLOB)))
                .isInstanceOf(RegistryClientException.Denied.class);
        assertThat(taken).isEmpty();
        assertThat(authorizations).containsExactly("none");
    }

    @Test
    void mayTakeLongerThanTheTimeLimitAsLongAsItGoesOn() throws IOException {
        client.close();
        connect(Duration.ofMillis(600));
        byte[] large = new byte[24 << 20];
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            Semaphore ticks = new Semaphore(0);
            clock.scheduleAtFixedRate(ticks::release, 0, 100, TimeUnit.MILLISECONDS);
            registry.on(PLACE, http -> {
                for (int piece = 0; piece < 24; piece++) {
                    ticks.acquireUninterruptibly();
                    http.getRequestBody().readNBytes(1 << 20);
                }
                takingWith("none").handle(http);
            });

            sink().putBlob(blob(large), same -> new ByteArrayInputStream(large));
            clock.shutdownNow();
        }
        assertThat(taken).hasSize(1);
    }

    @Test
    void givesUpOnARegistryThatTakesNothing() {
        client.close();
        connect(Duration.ofMillis(300));
        byte[] large = new byte[32 << 20];
        CountDownLatch over = new CountDownLatch(1);
        registry.on(PLACE, http -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatThrownBy(() -> sink().putBlob(blob(large), same -> new ByteArrayInputStream(large)))
                .isInstanceOf(RegistryClientException.Unavailable.class)
                .hasMessageContaining("neither takes more nor answers");
        over.countDown();
    }

    @Test
    void saysWhyTheContentCannotBeRead() {
        registry.on(PLACE, takingWith("none"));
        byte[] changed = BLOB.clone();
        changed[9]++;

        assertThatThrownBy(() -> sink().putBlob(blob(BLOB), same -> new ByteArrayInputStream(changed)))
                .isInstanceOf(OciException.DigestMismatch.class);
        assertThatThrownBy(() -> sink().putBlob(blob(BLOB), same -> InputStream.nullInputStream()))
                .isInstanceOf(OciException.SizeMismatch.class);
    }

    @Test
    void refusesPlacesThatAreNone() {
        for (String place : List.of("ftp://127.0.0.1/x", "http:///x", ":")) {
            beginsAt(place);
            assertThatThrownBy(() -> sink().putBlob(blob(BLOB), same -> new ByteArrayInputStream(BLOB)))
                    .isInstanceOf(RegistryClientException.BadAnswer.class);
        }
    }

    private void connect(Duration answerTimeout) {
        ClientOptions options = ClientOptions.of(Set.of(registry.host()))
                .withTimeouts(answerTimeout, Duration.ofSeconds(20))
                .withBackoff(Backoff.of(2).pausing(pause -> {}));
        client = new RegistryClient(options, InstantSource.system());
    }

    private ImageSink sink() {
        return client.sink(Reference.parse(registry.image("app:v1")));
    }

    private void beginsAt(String place) {
        registry.on(UPLOADS, http -> {
            http.getResponseHeaders().set("Location", place);
            UpstreamRegistry.status(202).handle(http);
        });
    }

    private HttpHandler takingWith(String authorization) {
        return http -> {
            byte[] content = http.getRequestBody().readAllBytes();
            String given = http.getRequestHeaders().getFirst("Authorization");
            authorizations.add(given == null ? "none" : given);
            if (authorization.equals(given == null ? "none" : given)) {
                taken.add(content);
                UpstreamRegistry.status(201).handle(http);
            } else {
                challenge(http);
            }
        };
    }

    private void challenge(HttpExchange http) throws IOException {
        http.getResponseHeaders()
                .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\",service=here");
        UpstreamRegistry.status(401).handle(http);
    }

    private static Descriptor blob(byte[] content) {
        return new Descriptor("application/octet-stream", OciDigest.of(content), content.length, Map.of());
    }
}
