// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.realmesh.kbs.PrivateRegistries;
import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.AuthDocument;
import dev.realmesh.realm.tunnel.SocketTunnel;
import dev.realmesh.realm.tunnel.Tunnel;
import dev.realmesh.realm.tunnel.TunnelException;
import dev.realmesh.realm.tunnel.Tunnels;
import dev.realmesh.testkit.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A registry behind TLS that the Realm asks itself, with tunnels that hold, break, or are not to be had.
@Timeout(60)
class RegistrySourceTest {
    private static final byte[] BLOB = new byte[3 << 20];
    private static final byte[] MANIFEST = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    static {
        new Random(1).nextBytes(BLOB);
    }

    private static TlsIdentity identity;

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpsServer server;

    @BeforeAll
    static void identify(@TempDir Path folder) throws Exception {
        identity = TlsIdentity.make(folder.resolve("server.p12"));
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksWithTheLoginWhereOneIsWanted() throws Exception {
        try (RegistrySource source = source("secret", roots(), SocketTunnel::open)) {
            assertThat(source.manifest(image()).checked(OciDigest.of(MANIFEST))).isEqualTo(MANIFEST);
            assertThat(read(source)).isEqualTo(BLOB);
        }
        assertThat(requests.getFirst()).endsWith("manifests/1 null");
    }

    @Test
    void blobGoesOnWhereATunnelBrokeOff() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        Tunnels breaking = (host, port) -> opened.incrementAndGet() <= 2
                ? new Breaking(SocketTunnel.open(host, port), 1 << 20)
                : SocketTunnel.open(host, port);

        try (RegistrySource source = source("secret", roots(), breaking)) {
            assertThat(read(source)).isEqualTo(BLOB);
        }
        assertThat(opened.get()).isGreaterThan(2);
    }

    @Test
    void refusedLoginIsToldByWhereItIsFrom() throws Exception {
        try (RegistrySource source = source("wrong", roots(), SocketTunnel::open)) {
            assertThatThrownBy(() -> source.manifest(image()))
                    .isInstanceOf(ImageException.Denied.class)
                    .hasMessageStartingWith("logins of kbs:///default/registry-credential/team: registry: https://")
                    .hasMessageContaining("answers 401")
                    .hasMessageNotContaining("wrong");
        }
    }

    @Test
    void nothingIsSaidToWhoCannotProveHimself() {
        try (RegistrySource source = source("secret", List.of(), SocketTunnel::open)) {
            assertThatThrownBy(() -> source.manifest(image()))
                    .isInstanceOf(ImageException.Unavailable.class)
                    .hasMessageContaining("see extra-root-certificates in the Realm's initdata");
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void forbiddenTunnelIsToldInTheHostsWords() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Tunnels none = (host, port) -> {
            asked.incrementAndGet();
            throw new TunnelException.Forbidden("not to " + host, new IOException());
        };

        try (RegistrySource source = source("secret", roots(), none)) {
            assertThatThrownBy(() -> source.manifest(image()))
                    .isInstanceOf(ImageException.Denied.class)
                    .hasMessage("not to 127.0.0.1");
        }
        assertThat(asked).hasValue(1);
    }

    private RegistrySource source(String password, List<String> roots, Tunnels tunnels) {
        String document =
                "{\"auths\":{\"" + image().registry() + "\":{\"auth\":\"" + base64("me:" + password) + "\"}}}";
        AuthDocument logins = new AuthDocument(
                "kbs:///default/registry-credential/team", () -> document.getBytes(StandardCharsets.UTF_8));
        return RegistrySource.open(
                logins, new PrivateRegistries(Optional.empty(), roots), tunnels, InstantSource.system());
    }

    private byte[] read(RegistrySource source) throws IOException {
        Descriptor blob = new Descriptor("application/octet-stream", OciDigest.of(BLOB), BLOB.length, Map.of());
        try (InputStream content = source.blobs(image()).open(blob)) {
            return content.readAllBytes();
        }
    }

    private Reference image() {
        return Reference.parse("127.0.0.1:" + server.getAddress().getPort() + "/team/app:1");
    }

    private List<String> roots() throws Exception {
        return List.of(identity.certificate());
    }

    private void answer(HttpExchange http) throws IOException {
        String authorization = http.getRequestHeaders().getFirst("Authorization");
        requests.add(http.getRequestURI().getPath() + " " + authorization);
        try (http) {
            if (!("Basic " + base64("me:secret")).equals(authorization)) {
                http.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
                http.sendResponseHeaders(401, -1);
                return;
            }
            byte[] content = http.getRequestURI().getPath().contains("/blobs/") ? BLOB : MANIFEST;
            String range = http.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            if (range != null) {
                http.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            http.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
            http.getResponseBody().write(Arrays.copyOfRange(content, from, content.length));
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Breaks off after so many bytes.
    private record Breaking(Tunnel tunnel, int bytes) implements Tunnel {
        @Override
        public InputStream input() {
            InputStream input = tunnel.input();
            return new BulkInputStream() {
                private int left = bytes;

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    if (left == 0) {
                        throw new IOException("broke off");
                    }
                    int read = input.read(buffer, offset, Math.min(length, left));
                    left -= Math.max(read, 0);
                    return read;
                }
            };
        }

        @Override
        public OutputStream output() {
            return tunnel.output();
        }

        @Override
        public void close() {
            tunnel.close();
        }
    }
}
