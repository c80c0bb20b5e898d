// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.image.ImageService;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.AuthFiles;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.testkit.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;

/// A registry on loopback that knows one user, behind TLS with a certificate that nobody's roots have signed.
final class TlsRegistry implements AutoCloseable {
    static final String PASSWORD = "allmine";

    private static final String USER = "me";
    private static final String ACCOUNT = "me:$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga\n";

    private final Path folder;
    private final ImageService registry;
    private final TlsIdentity identity;
    private final SSLServerSocket front;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger handshakes = new AtomicInteger();

    TlsRegistry(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        Path htpasswd = Files.writeString(folder.resolve("htpasswd"), ACCOUNT);
        registry = ImageService.open(
                ImageServiceConfig.local(folder.resolve("store"), Map.of("registry-accounts", htpasswd.toString())),
                InstantSource.system());
        identity = TlsIdentity.make(folder.resolve("registry.p12"));
        front = (SSLServerSocket)
                identity.context().getServerSocketFactory().createServerSocket(0, 64, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /// As references have it.
    String host() {
        return "127.0.0.1:" + front.getLocalPort();
    }

    /// Its certificate, in PEM.
    String certificate() throws GeneralSecurityException {
        return identity.certificate();
    }

    /// User and password as they are sent, after `Basic`.
    static String login(String password) {
        return Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /// How many connections have come to speak.
    int handshakes() {
        return handshakes.get();
    }

    /// Puts an image into it, by the side door.
    ///
    /// @param name repository and tag
    void push(String name, Push push) throws IOException {
        String plain = "127.0.0.1:" + registry.registryPort();
        Path logins = Files.writeString(
                folder.resolve("auth.json"), "{\"auths\":{\"" + plain + "\":{\"auth\":\"" + login(PASSWORD) + "\"}}}");
        ClientOptions options = ClientOptions.of(Set.of(plain)).withLogins(AuthFiles.of(logins));
        try (RegistryClient client = new RegistryClient(options, InstantSource.system())) {
            push.to(client.sink(Reference.parse(plain + "/" + name)));
        }
    }

    /// Writes an image.
    interface Push {
        void to(ImageSink sink) throws IOException;
    }

    @Override
    public void close() throws IOException {
        front.close();
        threads.shutdownNow();
        registry.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = front.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), registry.registryPort())) {
            int first = client.getInputStream().read();
            if (first >= 0) {
                handshakes.incrementAndGet();
                behind.getOutputStream().write(first);
                threads.execute(() -> copy(behind, client));
                copy(client, behind);
            }
        } catch (IOException e) {
            // Either end has gone.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream bytes = from.getInputStream()) {
            bytes.transferTo(to.getOutputStream());
            to.close();
        } catch (IOException e) {
            // Either end has gone.
        }
    }
}
