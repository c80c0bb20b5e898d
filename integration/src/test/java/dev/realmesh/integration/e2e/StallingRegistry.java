// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.layout.OciLayout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/// Another registry, on loopback: it gives out one image of an OCI layout, counts what it gave, and can stall in the
/// middle of a blob.
final class StallingRegistry implements AutoCloseable {
    private final Path layout;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> downloads = new ConcurrentHashMap<>();
    private final LongAdder bytes = new LongAdder();
    private final Map<String, Stall> stalls = new ConcurrentHashMap<>();

    /// Starts to serve.
    ///
    /// @param layout which may come to be later
    StallingRegistry(Path layout) throws IOException {
        this.layout = layout;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v2/app/", this::handle);
        server.start();
    }

    /// Settings of a mesh that may ask this registry, once.
    EmbeddedMeshConfig behind(EmbeddedMeshConfig mesh) {
        return mesh.with(ImageServiceConfig.local(
                mesh.images().store(),
                Map.of("upstream-registries", host(), "plain-http-registries", host(), "upstream-attempts", "1")));
    }

    /// Puts an image here, encrypted with the key that the mesh has.
    ///
    /// @param plain layout that has it as `1`
    void encrypt(MeshFixture<?> mesh, Path plain) throws IOException {
        Path key = Files.write(mesh.config.stateFolder().resolve("key"), MeshFixture.KEY);
        String recipient = "kbs:///" + MeshFixture.KEY_PATH + "=" + key;
        String unused = mesh.realmesh(
                        "image", "encrypt", "--key", recipient, "oci:" + plain + ":1", "oci:" + layout + ":1")
                .succeeded();
        Files.delete(key);
    }

    /// As references have it.
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// The image.
    String image() {
        return host() + "/app:1";
    }

    /// How often each blob was begun, by digest.
    Map<String, Integer> downloads() {
        return Map.copyOf(downloads);
    }

    /// Of blobs, as they were sent.
    long bytes() {
        return bytes.sum();
    }

    /// Of the image's blobs, each once.
    long imageBytes() throws IOException {
        OciLayout image = OciLayout.open(layout);
        Manifest manifest = Manifest.parse(image.read(image.image("1"), Manifest.MAX_BYTES));
        return manifest.config().size()
                + manifest.layers().stream().mapToLong(Descriptor::size).sum();
    }

    /// Forgets what was counted.
    void forget() {
        downloads.clear();
        bytes.reset();
    }

    /// The next one who asks for a blob gets the first half of it, and has to wait for the other.
    Stall stall(String digest) {
        Stall stall = new Stall();
        stalls.put(digest, stall);
        return stall;
    }

    /// A blob that does not go on.
    static final class Stall {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile boolean broken;

        /// Returns when half of the blob is sent.
        void await() throws InterruptedException {
            reached.await();
        }

        /// Sends the rest.
        void goOn() {
            over.countDown();
        }

        /// Ends the connection.
        void breakOff() {
            broken = true;
            over.countDown();
        }
    }

    @Override
    public void close() {
        stalls.values().forEach(Stall::breakOff);
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange http) throws IOException {
        String path = http.getRequestURI().getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        try (http) {
            if (path.equals("/v2/app/manifests/1")) {
                answer(http, OciLayout.open(layout).image("1").digest().toString());
            } else if (Files.isRegularFile(file(name))) {
                answer(http, name);
            } else {
                http.sendResponseHeaders(404, -1);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange http, String digest) throws IOException, InterruptedException {
        byte[] content = Files.readAllBytes(file(digest));
        if (http.getRequestURI().getPath().contains("/blobs/")) {
            downloads.merge(digest, 1, Integer::sum);
            bytes.add(content.length);
        } else {
            http.getResponseHeaders().set("Content-Type", MediaTypes.OCI_MANIFEST);
        }
        http.sendResponseHeaders(200, content.length);
        int half = content.length / 2;
        http.getResponseBody().write(content, 0, half);
        http.getResponseBody().flush();
        Stall stall = stalls.remove(digest);
        if (stall != null) {
            stall.reached.countDown();
            stall.over.await();
        }
        if (stall == null || !stall.broken) {
            http.getResponseBody().write(content, half, content.length - half);
        }
    }

    private Path file(String digest) {
        return layout.resolve("blobs").resolve(digest.replace(':', '/'));
    }
}
