// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpHandler;
import dev.realmesh.image.registry.PulledBlobs;
import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.Backoff;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.testkit.UpstreamRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blobs by reference, of our registry and of others, which may be at fault in any way.
class DeliveryTest {
    private static final byte[] BLOB = "a blob of some bytes".getBytes(StandardCharsets.US_ASCII);
    private static final OciDigest DIGEST = OciDigest.of(BLOB);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Registry registry;
    private PulledBlobs pulled;
    private UpstreamRegistry upstream;
    private UpstreamRegistry mirror;
    private Upstream others;
    private Delivery delivery;

    @BeforeEach
    void start() throws IOException {
        RegistryLimits limits = new RegistryLimits(1 << 20, 4, 1 << 20);
        registry = Registry.open(folder.resolve("store"), limits, InstantSource.system());
        pulled = PulledBlobs.open(folder.resolve("store/pulled"), limits, InstantSource.system());
        upstream = new UpstreamRegistry();
        mirror = new UpstreamRegistry();
        deliver(LONG);
    }

    @AfterEach
    void stop() throws IOException {
        others.close();
        upstream.close();
        mirror.close();
        registry.close();
    }

    @Test
    void endsBlobThatStopsComingAndFetchesItAnew() throws IOException {
        others.close();
        deliver(Duration.ofMillis(300));
        CountDownLatch over = new CountDownLatch(1);
        upstream.on(path("app"), http -> {
            http.sendResponseHeaders(200, BLOB.length);
            http.getResponseBody().write(BLOB, 0, 3);
            http.getResponseBody().flush();
            await(over);
        });

        assertThatThrownBy(() -> blob("app"))
                .isInstanceOf(DeliveryException.Unavailable.class)
                .hasMessageContaining(path("app"))
                .hasMessageContaining("no byte for 300 ms");
        assertThat(pending()).isEmpty();

        upstream.on(path("app"), whole());
        assertThat(blob("app")).isEqualTo(BLOB);
        over.countDown();
    }

    @Test
    void sharesTheFailureOfAFetchWithThoseWhoWaitForIt() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        upstream.on(path("app"), http -> {
            requests.incrementAndGet();
            await(answer);
            UpstreamRegistry.status(404).handle(http);
        });
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(Thread.ofPlatform().start(() -> failures.add(catchThrowable(() -> blob("app")))));
        }
        for (Thread caller : callers) {
            awaitWaiting(caller);
        }

        answer.countDown();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(failures).hasSize(4).allSatisfy(each -> assertThat(each).isInstanceOf(DeliveryException.class));
        assertThat(requests).hasValue(1);
        upstream.on(path("app"), whole());
        assertThat(blob("app")).isEqualTo(BLOB);
    }

    @Test
    void givesBlobOfOurRegistryOnlyToItsRepositories() throws IOException {
        String upload = registry.uploads().begin("team/app");
        registry.uploads().append("team/app", upload, 0, new ByteArrayInputStream(BLOB));
        registry.commit("team/app", upload, DIGEST);

        assertThat(blob(Reference.parse("team/app:v1"))).isEqualTo(BLOB);
        assertThatThrownBy(() -> blob(Reference.parse("team/other:v1"))).isInstanceOf(DeliveryException.Unknown.class);
        assertThatThrownBy(() -> blob("team/app")).isInstanceOf(DeliveryException.Unknown.class);
    }

    @Test
    void givesBlobOfAnotherRegistryOnlyUnderRepositoriesThatHaveIt() throws IOException {
        upstream.on(path("team/app"), whole());

        assertThat(blob("team/app")).isEqualTo(BLOB);
        assertThatThrownBy(() -> blob("team/other")).isInstanceOf(DeliveryException.Unknown.class);
        assertThatThrownBy(() -> blob(Reference.parse("team/app:v1"))).isInstanceOf(DeliveryException.Unknown.class);
        assertThat(registry.mount("team/app", DIGEST)).isFalse();
    }

    @Test
    void fetchesOnceWhatSeveralRepositoriesHave() throws IOException {
        AtomicInteger heads = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        upstream.on(path("a"), whole());
        upstream.on(path("b"), http -> {
            try (http) {
                http.sendResponseHeaders(200, BLOB.length);
                http.getResponseBody().flush();
                heads.incrementAndGet();
                await(over);
            }
        });

        assertThat(blob("a")).isEqualTo(BLOB);
        assertThat(blob("b")).isEqualTo(BLOB);
        assertThat(blob("b")).isEqualTo(BLOB);
        over.countDown();
        assertThat(heads).hasValue(1);
    }

    @Test
    void fetchesAgainWhatWasDamaged() throws IOException {
        upstream.on(path("app"), whole());
        assertThat(blob("app")).isEqualTo(BLOB);
        Path file = folder.resolve("store/pulled/blobs/sha256").resolve(DIGEST.hex());
        Files.write(file, new byte[1]);

        assertThat(blob("app")).isEqualTo(BLOB);

        assertThat(pulled.damaged()).isEqualTo(1);
        assertThat(file).hasBinaryContent(BLOB);
    }

    @Test
    void refusesBlobOfAnotherDigestAndKeepsNothingOfIt() throws IOException {
        upstream.on(path("app"), UpstreamRegistry.text("application/octet-stream", "another"));

        assertThatThrownBy(() -> blob("app"))
                .isInstanceOf(DeliveryException.Unavailable.class)
                .hasMessageContaining(
                        OciDigest.of("another".getBytes(StandardCharsets.US_ASCII)) + " (expected: " + DIGEST);
        assertThat(pending()).isEmpty();

        upstream.on(path("app"), whole());
        assertThat(blob("app")).isEqualTo(BLOB);
    }

    @Test
    void mirrorIsAskedBeforeItsRegistry() throws IOException {
        others.close();
        deliver(LONG, upstream.host() + "=" + mirror.host() + "/copies");
        mirror.on("/v2/copies/app/blobs/" + DIGEST, whole());

        assertThat(blob("app")).isEqualTo(BLOB);
    }

    /// It is away, has not got it, or has something else.
    @ParameterizedTest
    @ValueSource(ints = {404, 401, 503, 200})
    void mirrorThatDoesNotServeIsPassedOver(int status) throws IOException {
        others.close();
        deliver(LONG, upstream.host() + "=127.0.0.1:1", upstream.host() + "=" + mirror.host());
        byte[] other = BLOB.clone();
        other[0] ^= 1;
        mirror.on(path("app"), http -> {
            http.sendResponseHeaders(status, other.length);
            http.getResponseBody().write(other);
            http.close();
        });
        upstream.on(path("app"), whole());

        assertThat(blob("app")).isEqualTo(BLOB);
        assertThat(pending()).isEmpty();
    }

    @Test
    void otherRegistriesHaveNoMirror() {
        others.close();
        deliver(LONG, "docker.io=" + mirror.host());
        mirror.on(path("app"), whole());

        assertThatThrownBy(() -> blob("app")).isInstanceOf(DeliveryException.Unknown.class);
    }

    private void deliver(Duration idle, String... mirrors) {
        ClientOptions options = ClientOptions.of(Set.of(upstream.host(), mirror.host()))
                .withTimeouts(LONG, idle)
                .withBackoff(Backoff.of(2).pausing(pause -> {}));
        others = new Upstream(options, Mirrors.parse(List.of(mirrors)), InstantSource.system());
        delivery = new Delivery(registry, pulled, others, Set.of(upstream.host()));
    }

    private byte[] blob(String repository) throws IOException {
        return blob(Reference.parse(upstream.image(repository + ":v1")));
    }

    private byte[] blob(Reference image) throws IOException {
        try (InputStream content = Channels.newInputStream(delivery.blob(image, DIGEST))) {
            return content.readAllBytes();
        }
    }

    private List<Path> pending() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("blob-"))
                    .toList();
        }
    }

    private static String path(String repository) {
        return "/v2/" + repository + "/blobs/" + DIGEST;
    }

    private static HttpHandler whole() {
        return UpstreamRegistry.text("application/octet-stream", new String(BLOB, StandardCharsets.US_ASCII));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
