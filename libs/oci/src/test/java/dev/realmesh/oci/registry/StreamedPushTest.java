// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.testkit.UpstreamRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Pushing blobs that are written meanwhile, to registries that take a stream, chunks, or neither.
@Timeout(60)
class StreamedPushTest {
    private static final int CHUNK = PushedBlob.CHUNK_BYTES;
    private static final byte[] BLOB = new byte[2 * CHUNK + 5];
    private static final String PLACE = "/v2/app/place";

    static {
        new Random(1).nextBytes(BLOB);
    }

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final CountDownLatch begun = new CountDownLatch(1);
    private UpstreamRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void start() throws IOException {
        registry = new UpstreamRegistry();
        registry.on("/v2/app/blobs/uploads/", http -> {
            taken.reset();
            moved(http, 202, 0);
        });
        registry.on("/token", UpstreamRegistry.text("application/json", "{\"token\":\"t\"}"));
        ClientOptions options = ClientOptions.of(Set.of(registry.host()))
                .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(20))
                .withBackoff(Backoff.of(2).pausing(pause -> {}));
        client = new RegistryClient(options, InstantSource.system());
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @Test
    void isTakenBeforeItIsWrittenToItsEnd() throws IOException {
        registry.on(PLACE + 0, this::takeStream);
        registry.on(PLACE + 1, this::end);

        Descriptor pushed = sink().putBlob(out -> {
            out.write(BLOB, 0, CHUNK + 1);
            out.write(BLOB, CHUNK + 1, 1 << 20);
            await(begun);
            out.write(BLOB, CHUNK + 1 + (1 << 20), BLOB.length - CHUNK - 1 - (1 << 20));
            return blob(BLOB);
        });

        assertThat(pushed).isEqualTo(blob(BLOB));
        assertThat(taken.toByteArray()).isEqualTo(BLOB);
        assertThat(requests)
                .containsExactly(
                        "POST",
                        "PATCH chunked",
                        "PUT digest=sha256%3A" + OciDigest.of(BLOB).hex());
    }

    @Test
    void thatIsSmallIsSentWholeAndAgain() throws IOException {
        byte[] small = Arrays.copyOf(BLOB, CHUNK);
        AtomicInteger attempts = new AtomicInteger();
        registry.on(PLACE + 0, http -> {
            note(http);
            byte[] content = http.getRequestBody().readAllBytes();
            if (attempts.getAndIncrement() == 0) {
                UpstreamRegistry.status(503).handle(http);
            } else {
                taken.write(content);
                UpstreamRegistry.status(201).handle(http);
            }
        });

        sink().putBlob(writing(small));

        assertThat(taken.toByteArray()).isEqualTo(small);
        assertThat(requests).filteredOn(request -> request.startsWith("PUT")).hasSize(2);
    }

    @Test
    void goesOnInChunksWhereLengthsAreAskedFor() throws IOException {
        for (int place = 0; place < 4; place++) {
            registry.on(PLACE + place, this::takeChunk);
        }

        sink().putBlob(writing(BLOB));

        assertThat(taken.toByteArray()).isEqualTo(BLOB);
        assertThat(requests)
                .contains("POST", "PATCH chunked", "DELETE")
                .endsWith(
                        "POST",
                        "PATCH 0-16777215",
                        "PATCH 16777216-33554431",
                        "PATCH 33554432-33554436",
                        "PUT digest=sha256%3A" + OciDigest.of(BLOB).hex());
    }

    @Test
    void sendsAChunkAgainThatMetABusyRegistryOrAnEndedToken() throws IOException {
        AtomicInteger chunks = new AtomicInteger();
        for (int place = 0; place < 4; place++) {
            registry.on(PLACE + place, http -> {
                boolean isChunk = http.getRequestHeaders().containsKey("Content-Range");
                int number = isChunk ? chunks.incrementAndGet() : 0;
                if (number == 2) {
                    http.getRequestBody().readAllBytes();
                    UpstreamRegistry.status(503).handle(http);
                } else if (number >= 4 && !http.getRequestHeaders().containsKey("Authorization")) {
                    http.getRequestBody().readAllBytes();
                    challenge(http);
                } else {
                    takeChunk(http);
                }
            });
        }

        sink().putBlob(writing(BLOB));

        assertThat(taken.toByteArray()).isEqualTo(BLOB);
        assertThat(chunks).hasValue(5);
    }

    @Test
    void logsInBeforeThereIsContent() throws IOException {
        registry.on("/v2/app/blobs/uploads/", http -> {
            if (http.getRequestHeaders().containsKey("Authorization")) {
                moved(http, 202, 0);
            } else {
                challenge(http);
            }
        });
        registry.on(PLACE + 0, http -> {
            requests.add(http.getRequestHeaders().getFirst("Authorization"));
            takeStream(http);
        });
        registry.on(PLACE + 1, this::end);

        sink().putBlob(writing(BLOB));

        assertThat(requests).startsWith("POST", "Bearer t", "PATCH chunked");
    }

    @Test
    void isGivenUpWhenItCannotBeWritten() {
        registry.on(PLACE + 0, http -> {
            if (http.getRequestMethod().equals("DELETE")) {
                note(http);
                UpstreamRegistry.status(204).handle(http);
            } else {
                takeStream(http);
            }
        });

        assertThatThrownBy(() -> sink().putBlob(out -> {
                    out.write(BLOB, 0, CHUNK + (1 << 20));
                    throw new IOException("the source is gone");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the source is gone");
        assertThat(requests).endsWith("DELETE").noneMatch(request -> request.startsWith("PUT"));
    }

    @Test
    void isGivenUpWhenTheRegistryDoesNotTakeIt() {
        registry.on(PLACE + 0, http -> {
            note(http);
            http.getRequestBody().readAllBytes();
            UpstreamRegistry.status(http.getRequestMethod().equals("DELETE") ? 204 : 507)
                    .handle(http);
        });

        assertThatThrownBy(() -> sink().putBlob(writing(BLOB)))
                .isInstanceOf(RegistryClientException.Unavailable.class)
                .hasMessageContaining("answers 507");
        assertThat(requests).containsExactly("POST", "PATCH chunked", "DELETE");
    }

    private ImageSink sink() {
        return client.sink(Reference.parse(registry.image("app:v1")));
    }

    private static ImageSink.BlobWriter writing(byte[] content) {
        return (OutputStream out) -> {
            for (int at = 0; at < content.length; at += 100_000) {
                out.write(content, at, Math.min(100_000, content.length - at));
            }
            return blob(content);
        };
    }

    private void takeStream(HttpExchange http) throws IOException {
        note(http);
        taken.write(http.getRequestBody().readNBytes(CHUNK));
        begun.countDown();
        http.getRequestBody().transferTo(taken);
        moved(http, 202, 1);
    }

    /// Takes nothing without a `Content-Length`, and nothing out of order.
    private void takeChunk(HttpExchange http) throws IOException {
        switch (http.getRequestMethod()) {
            case "PATCH" -> {
                note(http);
                String range = String.valueOf(http.getRequestHeaders().getFirst("Content-Range"));
                if (http.getRequestHeaders().containsKey("Transfer-Encoding")) {
                    UpstreamRegistry.status(411).handle(http);
                } else if (range.startsWith(taken.size() + "-")) {
                    http.getRequestBody().transferTo(taken);
                    moved(http, 202, (taken.size() + CHUNK - 1) / CHUNK);
                } else {
                    UpstreamRegistry.status(416).handle(http);
                }
            }
            case "DELETE" -> {
                note(http);
                UpstreamRegistry.status(204).handle(http);
            }
            default -> end(http);
        }
    }

    private void end(HttpExchange http) throws IOException {
        note(http);
        UpstreamRegistry.status(201).handle(http);
    }

    private void moved(HttpExchange http, int status, int place) throws IOException {
        if (http.getRequestMethod().equals("POST")) {
            note(http);
        }
        http.getResponseHeaders().set("Location", PLACE + place);
        UpstreamRegistry.status(status).handle(http);
    }

    private void challenge(HttpExchange http) throws IOException {
        http.getResponseHeaders()
                .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\",service=here");
        UpstreamRegistry.status(401).handle(http);
    }

    private void note(HttpExchange http) {
        String detail = switch (http.getRequestMethod()) {
            case "PATCH" ->
                http.getRequestHeaders().containsKey("Transfer-Encoding")
                        ? " chunked"
                        : " " + http.getRequestHeaders().getFirst("Content-Range");
            case "PUT" -> " " + http.getRequestURI().getRawQuery();
            default -> "";
        };
        requests.add(http.getRequestMethod() + detail);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Descriptor blob(byte[] content) {
        return new Descriptor("application/octet-stream", OciDigest.of(content), content.length, Map.of());
    }
}
