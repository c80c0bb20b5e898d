// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// A registry that serves on loopback, and a client of it.
final class RegistryUnderTest implements AutoCloseable {
    final Registry registry;

    private final HttpClient client = HttpClient.newHttpClient();
    private final RegistryServer server;

    RegistryUnderTest(Path store, RegistryLimits limits) throws IOException {
        this(store, limits, Accounts.anybody());
    }

    RegistryUnderTest(Path store, RegistryLimits limits, Accounts accounts) throws IOException {
        registry = Registry.open(store, limits, InstantSource.system());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = RegistryServer.start(address, Optional.empty(), registry, accounts);
    }

    int port() {
        return server.port();
    }

    String begin() throws IOException, InterruptedException {
        HttpResponse<String> begun = send(request("/v2/x/blobs/uploads/").POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(begun.statusCode()).isEqualTo(202);
        return begun.headers().firstValue("Location").orElseThrow();
    }

    HttpResponse<String> push(byte[] blob, OciDigest digest) throws IOException, InterruptedException {
        return send(
                request("/v2/x/blobs/uploads/?digest=" + digest).POST(HttpRequest.BodyPublishers.ofByteArray(blob)));
    }

    HttpResponse<String> putManifest(String version, byte[] manifest) throws IOException, InterruptedException {
        return send(request("/v2/x/manifests/" + version)
                .header("Content-Type", MediaTypes.OCI_MANIFEST)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest)));
    }

    static byte[] manifest(OciDigest config) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":{\"mediaType\":\""
                        + MediaTypes.OCI_CONFIG + "\",\"digest\":\"" + config + "\",\"size\":10},\"layers\":[]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
        server.close();
        registry.close();
    }
}
