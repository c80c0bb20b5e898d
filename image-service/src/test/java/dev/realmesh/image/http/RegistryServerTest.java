// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.image.Skopeo;
import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The OCI distribution API as clients speak it, and what it refuses.
class RegistryServerTest {
    private static final byte[] BLOB = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final OciDigest DIGEST = OciDigest.of(BLOB);
    private static final long MAX_BLOB_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private RegistryUnderTest registry;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryUnderTest(folder.resolve("store"), new RegistryLimits(MAX_BLOB_BYTES, 4, 1 << 20));
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain-gzip", "jwe-gzip", "coco-zstd"})
    void skopeoPushesAndPulls(String name) throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        Path original = Vectors.path("coco/images/" + name).toRealPath();
        String remote = "docker://127.0.0.1:" + registry.port() + "/team/" + name + ":v1";

        Skopeo.copy("--preserve-digests", "--dest-tls-verify=false", "oci:" + original + ":latest", remote);
        Skopeo.copy(
                "--preserve-digests", "--src-tls-verify=false", remote, "oci:" + folder.resolve("back") + ":latest");

        OciLayout back = OciLayout.open(folder.resolve("back"));
        assertThat(back.image("").digest())
                .isEqualTo(OciLayout.open(original).image("").digest());
        assertThat(registry.get("/v2/team/" + name + "/tags/list").body()).contains("\"tags\":[\"v1\"]");
    }

    @Test
    void saysThatItIsARegistry() throws IOException, InterruptedException {
        HttpResponse<String> response = registry.get("/v2/");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Docker-Distribution-API-Version"))
                .contains("registry/2.0");
    }

    @Test
    void takesBlobWhole() throws IOException, InterruptedException {
        assertThat(registry.push(BLOB, DIGEST).statusCode()).isEqualTo(201);

        HttpResponse<String> head =
                registry.send(registry.request("/v2/x/blobs/" + DIGEST).HEAD());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("10");
        assertThat(registry.get("/v2/x/blobs/" + DIGEST).body()).isEqualTo("0123456789");
    }

    @Test
    void takesBlobInChunks() throws IOException, InterruptedException {
        String upload = registry.begin();

        HttpResponse<String> first = registry.send(registry.request(upload)
                .header("Content-Range", "0-3")
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(BLOB, 0, 4)));
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(first.headers().firstValue("Range")).contains("0-3");
        HttpResponse<String> gap = registry.send(registry.request(upload)
                .header("Content-Range", "5-9")
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(BLOB, 5, 5)));
        assertThat(gap.statusCode()).isEqualTo(416);
        assertThat(registry.send(registry.request(upload).GET()).headers().firstValue("Range"))
                .contains("0-3");
        HttpResponse<String> last = registry.send(registry.request(upload + "?digest=" + DIGEST)
                .header("Content-Range", "4-9")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(BLOB, 4, 6)));

        assertThat(last.statusCode()).isEqualTo(201);
        assertThat(registry.get("/v2/x/blobs/" + DIGEST).body()).isEqualTo("0123456789");
        assertThat(registry.send(registry.request(upload).GET()).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 206, 0, bytes 0-0/10",
        "bytes=4-, 206, 456789, bytes 4-9/10",
        "bytes=4-100, 206, 456789, bytes 4-9/10",
        "bytes=-3, 206, 789, bytes 7-9/10",
        "bytes=10-, 416, '', bytes */10",
        "bytes=5-4, 200, 0123456789, ",
        "'bytes=0-1,3-4', 200, 0123456789, ",
        "lines=1-2, 200, 0123456789, "
    })
    void givesRangesOfBlobs(String range, int status, String body, String contentRange)
            throws IOException, InterruptedException {
        registry.push(BLOB, DIGEST);

        HttpResponse<String> response = registry.send(
                registry.request("/v2/x/blobs/" + DIGEST).header("Range", range).GET());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.headers().firstValue("Content-Range").orElse(null)).isEqualTo(contentRange);
    }

    @Test
    void refusesBlobOfAnotherDigest() throws IOException, InterruptedException {
        HttpResponse<String> response = registry.push(BLOB, OciDigest.of(new byte[1]));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("DIGEST_INVALID");
        assertNothingStored();
    }

    @Test
    void refusesBlobOverTheLimit() throws IOException, InterruptedException {
        String upload = registry.begin();

        HttpResponse<String> response = registry.send(registry.request(upload)
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(new byte[(int) MAX_BLOB_BYTES + 1])));

        assertThat(response.statusCode()).isEqualTo(413);
        assertNothingStored();
    }

    @Test
    void refusesTooManyUploadsAtOnce() throws IOException, InterruptedException {
        for (int i = 0; i < 4; i++) {
            registry.begin();
        }

        assertThat(registry.send(registry.request("/v2/x/blobs/uploads/").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void refusesManifestOverTheLimit() throws IOException, InterruptedException {
        HttpResponse<String> response = registry.putManifest("latest", new byte[Manifest.MAX_BYTES + 1]);

        assertThat(response.statusCode()).isEqualTo(413);
        assertNothingStored();
    }

    @Test
    void refusesManifestWhoseBlobsAreMissing() throws IOException, InterruptedException {
        HttpResponse<String> response = registry.putManifest("latest", RegistryUnderTest.manifest(DIGEST));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("MANIFEST_BLOB_UNKNOWN");
        assertThat(registry.get("/v2/x/manifests/latest").statusCode()).isEqualTo(404);
        assertNothingStored();
    }

    @Test
    void refusesManifestOfAnotherDigestOrNone() throws IOException, InterruptedException {
        registry.push(BLOB, DIGEST);

        assertThat(registry.putManifest(OciDigest.of(new byte[0]).toString(), RegistryUnderTest.manifest(DIGEST))
                        .body())
                .contains("DIGEST_INVALID");
        assertThat(registry.putManifest("latest", "{".getBytes(StandardCharsets.US_ASCII))
                        .body())
                .contains("MANIFEST_INVALID");
        assertThat(registry.get("/v2/x/tags/list").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/../../etc/manifests/latest",
                "/v2/%2e%2e/%2e%2e/etc/manifests/latest",
                "/v2/x%2f..%2f..%2fy/manifests/latest",
                "/v2/X/manifests/latest",
                "/v2/x/_tags/manifests/latest",
                "/v2/x/manifests/%2e%2e%2f%2e%2e%2flock",
                "/v2/x/blobs/sha256:../../lock",
                "/v2/x/blobs/sha256:%2e%2e%2f",
                "/v3/"
            })
    void refusesNamesThatLeadOut(String path) throws IOException, InterruptedException {
        assertThat(registry.get(path).statusCode()).isIn(400, 404);
    }

    @Test
    void leavesNothingOfTruncatedUpload() throws IOException, InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v2/x/blobs/uploads/?digest=" + DIGEST
                            + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234")
                    .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }

        assertThat(registry.get("/v2/x/blobs/" + DIGEST).statusCode()).isEqualTo(404);
        assertNothingStored();
    }

    /// What docker and skopeo try first; until they are refused they wait.
    @Test
    void refusesTlsAtOnce() throws Exception {
        ByteBuffer clientHello = ByteBuffer.allocate(1 << 15);
        SSLEngine tls = SSLContext.getDefault().createSSLEngine("localhost", 443);
        tls.setUseClientMode(true);
        tls.wrap(ByteBuffer.allocate(0), clientHello);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(clientHello.array(), 0, clientHello.position());

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answer).startsWith("HTTP/1.").contains(" 400 ");
        }
    }

    @Test
    void takesOneBlobFromManyAtOnce() throws Exception {
        byte[] blob = new byte[512 << 10];
        OciDigest digest = OciDigest.of(blob);
        List<Future<Integer>> pushes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                pushes.add(threads.submit(() -> registry.push(blob, digest).statusCode()));
            }
        }

        for (Future<Integer> push : pushes) {
            assertThat(push.get()).isEqualTo(201);
        }
        assertThat(registry.registry.blobs().find(digest))
                .hasValueSatisfying(file -> assertThat(file).hasSize(blob.length));
        assertThat(folder.resolve("store/pending")).isEmptyDirectory();
    }

    @Test
    void mountsBlobThatIsHere() throws IOException, InterruptedException {
        registry.push(BLOB, DIGEST);

        HttpResponse<String> mounted = registry.send(registry.request("/v2/y/blobs/uploads/?from=x&mount=" + DIGEST)
                .POST(HttpRequest.BodyPublishers.noBody()));
        HttpResponse<String> unknown =
                registry.send(registry.request("/v2/y/blobs/uploads/?from=x&mount=" + OciDigest.of(new byte[3]))
                        .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(mounted.statusCode()).isEqualTo(201);
        assertThat(unknown.statusCode()).isEqualTo(202);
    }

    @Test
    void refusesMethodsThatItHasNot() throws IOException, InterruptedException {
        assertThat(registry.send(registry.request("/v2/x/tags/list").DELETE()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void listsTagsByPages() throws IOException, InterruptedException {
        registry.push(BLOB, DIGEST);
        for (String tag : List.of("c", "a", "b")) {
            assertThat(registry.putManifest(tag, RegistryUnderTest.manifest(DIGEST))
                            .statusCode())
                    .isEqualTo(201);
        }

        HttpResponse<String> page = registry.get("/v2/x/tags/list?n=2");

        assertThat(page.body()).contains("[\"a\",\"b\"]");
        assertThat(page.headers().firstValue("Link")).contains("</v2/x/tags/list?n=2&last=b>; rel=\"next\"");
        assertThat(registry.get("/v2/x/tags/list?n=2&last=b").body()).contains("[\"c\"]");
    }

    private void assertNothingStored() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.getParent().endsWith("pending")))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("lock");
        }
    }
}
